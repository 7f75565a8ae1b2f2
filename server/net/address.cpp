#include "server/net/address.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

namespace ringi::net {
namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

// "" when the part is absent.
std::string part_of(CURLU* url, CURLUPart part, unsigned int flags) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string result{text};
  curl_free(text);
  return result;
}

Error refused(std::string why) {
  return error(Errc::invalid, ForLog{"outgoing call: " + std::move(why)},
               ForPerson{"ringi does not call this address"});
}

// libcurl takes one to three slashes, the scheme in any case and a colon without a port, but
// whoever looks for the authority in the text looks behind "//".
bool is_spelled_out(std::string_view url, const Address& address) {
  const std::string start = address.scheme + "://";
  if (!url.starts_with(start)) return false;
  const auto rest = url.substr(start.size());
  return !rest.starts_with('/') && !rest.substr(0, rest.find('/')).ends_with(':');
}

}  // namespace

Result<Address> parse_address(const std::string& url) {
  const Url parsed{curl_url(), &curl_url_cleanup};
  const auto code = curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(),
                                 CURLU_DISALLOW_USER | CURLU_PATH_AS_IS);
  if (code != CURLUE_OK) return refused(curl_url_strerror(code));
  Address address{.scheme = part_of(parsed.get(), CURLUPART_SCHEME, 0),
                  .host = part_of(parsed.get(), CURLUPART_HOST, 0),
                  .port = part_of(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT),
                  .path = part_of(parsed.get(), CURLUPART_PATH, 0)};
  if (address.scheme != "https" && address.scheme != "http") return refused("not an http(s) URL");
  std::ranges::transform(address.host, address.host.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return address;
}

Result<Address> parse_base_address(const std::string& url) {
  const auto plain = [](char c) {
    return c > ' ' && c < 0x7f &&
           std::string_view{"\"<>\\^`{|}?#@%"}.find(c) == std::string_view::npos;
  };
  if (!std::ranges::all_of(url, plain)) return refused("not a plain base address");
  auto address = parse_address(url);
  if (address.has_error()) return address;
  if (address->port == "0") return refused("no port has the number 0");
  if (!is_spelled_out(url, *address)) return refused("not scheme://host or scheme://host:port");
  return address;
}

std::string authority(const Address& address) {
  const bool usual = address.port == (address.scheme == "https" ? "443" : "80");
  return usual ? address.host : address.host + ":" + address.port;
}

// libcurl resolves "localhost" to this machine without asking DNS, and has turned every spelling of
// an IPv4 address into dotted decimals.
bool is_loopback(const Address& address) {
  const auto dotted = [](char c) { return c == '.' || (c >= '0' && c <= '9'); };
  return address.host == "localhost" || address.host == "[::1]" ||
         (address.host.starts_with("127.") && std::ranges::all_of(address.host, dotted));
}

bool is_credential_endpoint(const Address& address) {
  constexpr std::array<std::string_view, 5> hosts{
      "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "169.254.169.254", "[fd00:ec2::254]"};
  return std::ranges::find(hosts, address.host) != hosts.end();
}

Result<Address> allowed_address(const std::string& url) {
  auto address = parse_address(url);
  if (address.has_error() || address->scheme == "https") return address;
  if (is_loopback(*address) || is_credential_endpoint(*address)) return address;
  return refused("http is only for this machine and credential endpoints, not for " +
                 address->host);
}

}  // namespace ringi::net
