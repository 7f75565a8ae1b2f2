#include "server/http/head.hpp"

#include "server/http/syntax.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

namespace ringi::http {
namespace {

constexpr std::size_t max_headers = 100;
constexpr Refusal malformed{400, "malformed"};

// A decision hangs on each of these: said twice, two readers may believe two different things. The
// two x-slack- headers are not here: repeated, they count as absent and the answer is 401.
constexpr std::array<std::string_view, 9> said_once{
    "authorization", "content-encoding", "content-length",    "content-type",          "expect",
    "host",          "x-api-key",        "transfer-encoding", "x-amz-sns-message-type"};

using Check = std::optional<Refusal>;  // nullopt: passed

std::string_view next_line(std::string_view& rest) {
  const auto end = rest.find("\r\n");
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 2);
  return line;
}

const std::string* find(const std::vector<Header>& headers, std::string_view name) {
  const auto at = std::ranges::find(headers, name, &Header::name);
  return at == headers.end() ? nullptr : &at->value;
}

Check read_request_line(std::string_view line, Head& head, bool& version_1_0) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == line.npos || first == last) return malformed;
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (!is_token(method) || !is_origin_form(target)) return malformed;
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return malformed;
  version_1_0 = version == "HTTP/1.0";
  const auto question = target.find('?');
  head.method = method;
  head.path = target.substr(0, question);
  if (question != target.npos) head.query = target.substr(question + 1);
  return std::nullopt;
}

Check read_fields(std::string_view rest, std::vector<Header>& headers) {
  for (auto line = next_line(rest); !line.empty(); line = next_line(rest)) {
    if (headers.size() == max_headers) return Refusal{431, "too_many_headers"};
    const auto colon = line.find(':');
    if (colon == line.npos) return malformed;
    const auto name = line.substr(0, colon);  // a folded line begins with a blank: no token
    const auto value = trim_blanks(line.substr(colon + 1));
    if (!is_token(name) || !is_field_value(value)) return malformed;
    headers.push_back(Header{lower_case(name), std::string{value}});
  }
  return std::nullopt;
}

Check check_repeats(const std::vector<Header>& headers) {
  for (const auto name : said_once) {
    if (std::ranges::count(headers, name, &Header::name) > 1) return malformed;
  }
  return std::nullopt;
}

Check read_length(std::string_view text, Framing& framing) {
  if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return malformed;
  constexpr auto most = std::numeric_limits<std::size_t>::max();
  for (const char c : text) {
    const auto digit = static_cast<std::size_t>(c - '0');
    const bool fits = framing.length <= (most - digit) / 10;
    framing.length = fits ? framing.length * 10 + digit : most;
    if (!fits) break;
  }
  return std::nullopt;
}

// "chunked" alone is understood; a coding that nobody named so is 501, chunked said oddly is 400.
Check read_coding(std::string_view value, Framing& framing) {
  framing.chunked = true;
  if (value == "chunked") return std::nullopt;
  const auto list = lower_case(value);
  std::string_view rest = list;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const auto coding = trim_blanks(rest.substr(0, comma));
    if (!coding.empty() && coding != "chunked") return Refusal{501, "unknown_coding"};
    rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
  }
  return malformed;
}

Check read_framing(bool version_1_0, Head& head) {
  const auto* coding = find(head.headers, "transfer-encoding");
  const auto* length = find(head.headers, "content-length");
  if (coding && (version_1_0 || length)) return malformed;
  if (coding) return read_coding(*coding, head.framing);
  if (length) return read_length(*length, head.framing);
  return std::nullopt;
}

Check check_host(bool version_1_0, const std::vector<Header>& headers) {
  const auto* host = find(headers, "host");
  if (!host)
    return version_1_0 ? Check{} : Check{malformed};  // RFC 9112 section 3.2 asks 1.1 alone
  return is_host(*host) ? Check{} : Check{malformed};
}

Check read_expect(bool version_1_0, Head& head) {
  const auto* expect = find(head.headers, "expect");
  if (!expect) return std::nullopt;
  if (lower_case(*expect) != "100-continue") return Refusal{417, "expectation"};
  head.expects_continue = !version_1_0;  // RFC 9110 section 10.1.1: ignored from HTTP/1.0
  return std::nullopt;
}

bool says_close(const std::vector<Header>& headers) {
  return std::ranges::any_of(headers, [](const Header& header) {
    return header.name == "connection" &&
           lower_case(header.value).find("close") != std::string::npos;
  });
}

Check read(std::string_view bytes, Head& head) {
  bool version_1_0 = false;
  if (const auto refused = read_request_line(next_line(bytes), head, version_1_0)) return refused;
  if (const auto refused = read_fields(bytes, head.headers)) return refused;
  if (const auto refused = check_repeats(head.headers)) return refused;
  if (const auto refused = check_host(version_1_0, head.headers)) return refused;
  if (const auto refused = read_framing(version_1_0, head)) return refused;
  if (const auto refused = read_expect(version_1_0, head)) return refused;
  if (find(head.headers, "content-encoding")) return Refusal{415, "content_encoding"};
  head.keep_alive = !version_1_0 && !says_close(head.headers);
  return std::nullopt;
}

}  // namespace

void throw_exception_from_error(const Refusal& refusal, const boost::source_location&) {
  throw std::runtime_error("request refused: " + std::string{refusal.word});
}

HeadScan scan_head(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (c == '\0' || c == '\n') return {HeadScan::State::malformed};
    if (c != '\r') continue;
    if (i + 1 == bytes.size()) break;
    if (bytes[i + 1] != '\n') return {HeadScan::State::malformed};
    if (bytes.substr(i + 2).starts_with("\r\n")) return {HeadScan::State::complete, i + 4};
    ++i;
  }
  return {};
}

boost::system::result<Head, Refusal> parse_head(std::string_view bytes) {
  Head head;
  if (const auto refused = read(bytes, head)) return *refused;
  return head;
}

}  // namespace ringi::http
