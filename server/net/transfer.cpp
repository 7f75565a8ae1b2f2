#include "server/net/transfer.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>

namespace ringi::net {
namespace {

long millis(Duration duration) {
  const auto count = std::chrono::ceil<std::chrono::milliseconds>(duration).count();
  return static_cast<long>(std::max<std::int64_t>(1, count));  // 0 means "no limit" to libcurl
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

Transfer::Transfer(Call call, Address address)
    : call_(std::move(call)), address_(std::move(address)) {}

void Transfer::prepare(Easy easy, const TransportOptions& options) {
  easy_ = std::move(easy);
  curl_easy_reset(easy_.get());
  set_rules(options);
  set_request();
}

void Transfer::set_rules(const TransportOptions& options) {
  CURL* const easy = easy_.get();
  const bool near = is_loopback(address_) || is_credential_endpoint(address_);
  curl_easy_setopt(easy, CURLOPT_URL, call_.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, near ? "https,http" : "https");
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  // A proxy that is set, even to "", keeps libcurl from reading the environment by itself.
  curl_easy_setopt(easy, CURLOPT_PROXY, near ? "" : options.https_proxy.c_str());
  curl_easy_setopt(easy, CURLOPT_NOPROXY, options.no_proxy.c_str());
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_bundle.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_bundle.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  }
  // HTTP/2 would repeat a refused stream by itself.
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // A call that ends while its host is still being looked up leaves that thread behind. libcurl
  // would wait for it, and so would every other call: a name server that hangs takes half a minute.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, millis(call_.timeout));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   millis(std::min(call_.connect_timeout, call_.timeout)));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
}

void Transfer::set_request() {
  CURL* const easy = easy_.get();
  if (call_.method == "GET" && call_.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  } else if (call_.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else {
    // The body comes from a callback that cannot be rewound: libcurl would silently send a POST
    // again when a kept connection dies, and a request that may have been carried out must not be
    // repeated.
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call_.method.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call_.body.size()));
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, &Transfer::on_read);
    curl_easy_setopt(easy, CURLOPT_READDATA, this);
  }
  bool has_type = false;
  for (const auto& [name, value] : call_.headers) {
    add_header(value.empty() ? name + ";" : name + ": " + value);
    has_type = has_type || curl_strequal(name.c_str(), "content-type") != 0;
  }
  add_header("Expect:");
  if (!has_type) add_header("Content-Type:");  // without this libcurl calls every POST a form
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
}

void Transfer::add_header(const std::string& line) {
  curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc{};
  headers_.release();
  headers_.reset(longer);
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  auto& body = transfer.answer_.body;
  if (size * count > transfer.call_.max_response - body.size()) {
    transfer.too_large_ = true;
    return 0;
  }
  body.append(data, size * count);
  return size * count;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& headers = static_cast<Transfer*>(self)->answer_.headers;
  const std::string_view line{data, size * count};
  // Each response starts anew: 100 Continue, and a proxy's answer to CONNECT, come before ours.
  if (line.starts_with("HTTP/")) headers.clear();
  const auto colon = line.find(':');
  if (colon == line.npos) return size * count;
  std::string name{trimmed(line.substr(0, colon))};
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  headers.emplace_back(std::move(name), std::string{trimmed(line.substr(colon + 1))});
  return size * count;
}

std::size_t Transfer::on_read(char* to, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const auto left = transfer.call_.body.size() - transfer.body_sent_;
  const auto length = std::min(size * count, left);
  std::memcpy(to, transfer.call_.body.data() + transfer.body_sent_, length);
  transfer.body_sent_ += length;
  return length;
}

// Only a connection that is up, TLS included, has a pre-transfer time; the request size alone would
// count a proxy's CONNECT.
bool Transfer::was_sent() const {
  curl_off_t ready = 0;
  long bytes = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &ready);
  curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &bytes);
  return ready > 0 && bytes > 0;
}

Result<Answer> Transfer::outcome(CURLcode code) {
  if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
    return std::move(answer_);
  }
  if (too_large_) {
    return error(Errc::internal,
                 ForLog{address_.host + ": the answer is larger than " +
                        std::to_string(call_.max_response) + " bytes"},
                 ForPerson{"the answer of " + address_.host + " is too large"});
  }
  const std::string why = address_.host + ": " + curl_easy_strerror(code);
  if (!was_sent()) {
    return error(Errc::unavailable, ForLog{why}, ForPerson{address_.host + " cannot be reached"});
  }
  return error(Errc::unknown_outcome, ForLog{why + " (sent)"},
               ForPerson{address_.host + " did not answer"});
}

}  // namespace ringi::net
