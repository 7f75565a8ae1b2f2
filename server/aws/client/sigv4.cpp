#include "server/aws/client/sigv4.hpp"

#include "server/aws/protocol/percent.hpp"
#include "server/crypto/sha256.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace ringi::aws {
namespace {

// 1,000 accounts with a few services each; a full cache starts anew.
constexpr std::size_t max_keys = 4096;

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return out;
}

// Headers that proxies and transports change on the way.
bool never_signed(std::string_view name) {
  static constexpr std::array<std::string_view, 12> names{"authorization",
                                                          "connection",
                                                          "expect",
                                                          "keep-alive",
                                                          "proxy-authenticate",
                                                          "proxy-authorization",
                                                          "te",
                                                          "trailer",
                                                          "transfer-encoding",
                                                          "upgrade",
                                                          "user-agent",
                                                          "x-amzn-trace-id"};
  return std::ranges::find(names, name) != names.end();
}

// Trimmed, and every run of white space (folded lines too) is one space.
std::string canonical_value(std::string_view value) {
  std::string out;
  bool gap = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out += c;
  }
  return out;
}

std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  for (std::size_t from = 0; from <= path.size();) {
    const auto slash = std::min(path.find('/', from), path.size());
    const auto segment = path.substr(from, slash - from);
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!segment.empty() && segment != "." && segment != "..") kept.push_back(segment);
    from = slash + 1;
  }
  std::string out;
  for (const auto segment : kept) out.append("/").append(segment);
  return out.empty() || path.ends_with('/') ? out + "/" : out;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (std::size_t from = 0; from < query.size();) {
    const auto end = std::min(query.find('&', from), query.size());
    const auto piece = query.substr(from, end - from);
    from = end + 1;
    if (piece.empty()) continue;
    const auto equals = std::min(piece.find('='), piece.size());
    const auto value = equals < piece.size() ? piece.substr(equals + 1) : std::string_view{};
    pairs.emplace_back(percent_encode_rest(piece.substr(0, equals)), percent_encode_rest(value));
  }
  std::ranges::sort(
      pairs);  // as pairs: "a=z" stands before "a-=b", joined text would say otherwise
  std::string out;
  for (const auto& [name, value] : pairs)
    out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
  return out;
}

struct CanonicalHeaders {
  std::string lines;
  std::string names;
};

CanonicalHeaders canonical_headers(const Headers& headers) {
  std::map<std::string, std::string> merged;
  for (const auto& [name, value] : headers) {
    const auto key = lower(name);
    if (never_signed(key)) continue;
    const auto [it, fresh] = merged.try_emplace(key, canonical_value(value));
    if (!fresh) it->second.append(",").append(canonical_value(value));
  }
  CanonicalHeaders out;
  for (const auto& [name, value] : merged) {
    out.lines.append(name).append(":").append(value).append("\n");
    out.names.append(out.names.empty() ? "" : ";").append(name);
  }
  return out;
}

// "20150830T123600Z"
std::string amz_date(Time now) {
  auto text = rfc3339(now).substr(0, 19) + "Z";
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

}  // namespace

const std::string& SigningKeys::key(const Credentials& credentials, std::string_view day,
                                    const SigningScope& scope) {
  Name name{credentials.access_key_id, day, scope.region, scope.service};
  if (const auto known = keys_.find(name); known != keys_.end()) return known->second.reveal();
  if (keys_.size() >= max_keys) keys_.clear();
  auto key = crypto::hmac_sha256("AWS4" + credentials.secret_access_key.reveal(), day);
  for (const std::string_view part :
       {std::string_view{scope.region}, std::string_view{scope.service},
        std::string_view{"aws4_request"}})
    key = crypto::hmac_sha256(crypto::as_text(key), part);
  return keys_.emplace(std::move(name), config::Secret{std::string{crypto::as_text(key)}})
      .first->second.reveal();
}

Signed sign(SigningRequest request, const Credentials& credentials, const SigningScope& scope,
            Time now, SigningKeys& keys, SigningOptions options) {
  const auto date = amz_date(now);
  const auto day = date.substr(0, 8);
  const auto payload = crypto::to_hex(crypto::sha256(request.body));
  const auto& token = credentials.session_token.reveal();

  Signed out;
  if (!token.empty()) out.headers.emplace_back("X-Amz-Security-Token", token);
  out.headers.emplace_back("X-Amz-Date", date);
  if (options.sign_body) out.headers.emplace_back("x-amz-content-sha256", payload);
  const auto unsigned_headers = options.omit_session_token && !token.empty() ? 1 : 0;
  request.headers.insert(request.headers.end(), out.headers.begin() + unsigned_headers,
                         out.headers.end());

  const auto path = options.normalize_path ? without_dot_segments(request.path) : request.path;
  const auto headers = canonical_headers(request.headers);
  const auto encoded = options.encode_path ? percent_encode_path(path) : path;
  out.canonical_request = request.method + "\n" + encoded + "\n" + canonical_query(request.query) +
                          "\n" + headers.lines + "\n" + headers.names + "\n" + payload;
  const auto credential_scope = day + "/" + scope.region + "/" + scope.service + "/aws4_request";
  out.string_to_sign = "AWS4-HMAC-SHA256\n" + date + "\n" + credential_scope + "\n" +
                       crypto::to_hex(crypto::sha256(out.canonical_request));
  out.signature =
      crypto::to_hex(crypto::hmac_sha256(keys.key(credentials, day, scope), out.string_to_sign));
  out.headers.emplace_back("Authorization",
                           "AWS4-HMAC-SHA256 Credential=" + credentials.access_key_id + "/" +
                               credential_scope + ", SignedHeaders=" + headers.names +
                               ", Signature=" + out.signature);
  return out;
}

}  // namespace ringi::aws
