#include "server/config/addresses.hpp"

#include "handlers/types/id.hpp"
#include "handlers/types/partition.hpp"
#include "server/net/address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace ringi::config {
namespace {

template <class Number>
std::optional<Number> parse_number(std::string_view text, unsigned largest) {
  unsigned number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size() || number > largest) {
    return std::nullopt;
  }
  return static_cast<Number>(number);
}

// 4, 6 or 0 for what is no address.
int family_of(std::string_view text) {
  std::array<unsigned char, 16> bytes{};
  const std::string address{text};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return 4;
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return 6;
  return 0;
}

std::optional<net::Address> address_of(std::string_view url) {
  auto address = net::parse_base_address(std::string{url});
  if (address.has_error()) return std::nullopt;
  return std::move(address).value();
}

// A URL that leads to https, or to this machine.
std::optional<net::Address> callable(std::string_view url) {
  auto address = address_of(url);
  if (address && address->scheme != "https" && !net::is_loopback(*address)) return std::nullopt;
  return address;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (auto at = text.find(separator); at != text.npos; at = text.find(separator)) {
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  parts.push_back(text);
  return parts;
}

// A region of that partition, or a glob.
bool is_region_pattern(std::string_view text, std::string_view partition) {
  if (text.empty() || !is_partition(partition)) return false;
  if (text.find_first_of("*?") != text.npos) return true;
  const auto region = Region::parse(text);
  return region && partition_of(*region).name == partition;
}

// docs: CreateQueue, QueueName.
bool is_queue_name(std::string_view text) {
  constexpr std::size_t longest = 80;
  const bool short_enough = text.size() <= longest;
  if (text.ends_with(".fifo")) text.remove_suffix(5);
  return short_enough && !text.empty() && std::ranges::all_of(text, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

}  // namespace

std::optional<Listen> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1), 65'535);
  std::string_view address = text.substr(0, colon);
  const bool bracketed = address.size() > 2 && address.starts_with('[') && address.ends_with(']');
  if (bracketed) address = address.substr(1, address.size() - 2);
  if (!port || family_of(address) != (bracketed ? 6 : 4)) return std::nullopt;
  return Listen{std::string{address}, *port};
}

std::optional<std::string> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const int family = family_of(text.substr(0, slash));
  if (family == 0) return std::nullopt;
  if (slash == text.npos) return std::string{text} + (family == 4 ? "/32" : "/128");
  const unsigned largest = family == 4 ? 32 : 128;
  if (!parse_number<unsigned>(text.substr(slash + 1), largest)) return std::nullopt;
  return std::string{text};
}

std::optional<std::string> parse_public_url(std::string_view text) {
  const auto address = address_of(text);
  if (!address || address->scheme != "https" || address->path != "/") return std::nullopt;
  return std::string{text.substr(0, text.size() - (text.ends_with('/') ? 1 : 0))};
}

std::optional<std::string> parse_https_url(std::string_view text) {
  const auto address = address_of(text);
  if (!address || address->scheme != "https") return std::nullopt;
  return std::string{text};
}

std::optional<std::string> parse_api_url(std::string_view text) {
  if (!callable(text)) return std::nullopt;
  return std::string{text} + (text.ends_with('/') ? "" : "/");
}

std::optional<std::string> parse_url_prefix(std::string_view text) {
  if (!callable(text)) return std::nullopt;
  const auto authority = text.find("//") + 2;
  if (text.find('/', authority) == text.npos) return std::nullopt;
  return std::string{text};
}

std::optional<std::string> parse_store_url(std::string_view text) {
  const std::string_view sqlite = "sqlite:", postgresql = "postgresql://";
  if (text.starts_with(sqlite) && text.size() > sqlite.size()) return std::string{text};
  if (!text.starts_with(postgresql)) return std::nullopt;
  // A password belongs in PGPASSFILE or PGPASSWORD, not in a file that is reviewed.
  const std::string_view authority =
      text.substr(postgresql.size(), text.find('/', postgresql.size()) - postgresql.size());
  const auto at = authority.rfind('@');
  if (at != authority.npos && authority.substr(0, at).find(':') != authority.npos) {
    return std::nullopt;
  }
  return text.find("password=") == text.npos ? std::optional{std::string{text}} : std::nullopt;
}

std::optional<std::string> parse_origin(std::string_view text) {
  const auto visible = [](char c) { return c > ' ' && c < 0x7f && c != '+'; };
  if (text.empty() || text.size() > 200 || !std::ranges::all_of(text, visible)) return std::nullopt;
  return std::string{text};
}

std::optional<std::string> parse_topic(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 6 || parts[0] != "arn" || parts[2] != "sns") return std::nullopt;
  const bool account = parts[4] == "{accounts}" || AccountId::parse(parts[4]);
  if (!account || !is_region_pattern(parts[3], parts[1]) || parts[5].empty()) return std::nullopt;
  return std::string{text};
}

std::optional<Queue> parse_queue(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 6 || parts[0] != "arn" || parts[2] != "sqs") return std::nullopt;
  const auto region = Region::parse(parts[3]);
  const auto account = AccountId::parse(parts[4]);
  if (!region || !account || partition_of(*region).name != parts[1]) return std::nullopt;
  if (!is_queue_name(parts[5])) return std::nullopt;
  return Queue{std::string{text}, *region, *account, std::string{parts[5]}};
}

bool on_this_machine(std::string_view url) {
  const auto address = address_of(url);
  return address && net::is_loopback(*address);
}

}  // namespace ringi::config
