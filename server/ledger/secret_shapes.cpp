#include "server/ledger/secret_shapes.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace ringi::ledger {
namespace {

bool is_upper_or_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_alnum(char c) {
  return is_upper_or_digit(c) || (c >= 'a' && c <= 'z');
}
bool is_token(char c) {
  return is_alnum(c) || c == '-' || c == '_';
}
bool is_dotted(char c) {
  return is_token(c) || c == '.';
}
bool is_base64(char c) {
  return is_alnum(c) || c == '+' || c == '/' || c == '=';
}
bool is_bearer(char c) {
  return is_dotted(c) || is_base64(c) || c == '~';
}  // RFC 6750 section 2.1
bool is_visible(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != '>' && c != '|';
}

std::size_t run(std::string_view text, bool (*holds)(char)) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, holds) - text.begin());
}

// A fixed beginning, and how much of what must follow.
struct Shape {
  std::string_view prefix;
  std::size_t least;
  bool (*holds)(char);
};

// Sources: IAM user guide, "unique identifiers"; docs.slack.dev, "token types"; GitHub and GitLab
// token formats; RFC 7519 (a JWT's header begins with base64 of `{"`).
constexpr std::array shapes = {
    Shape{"AKIA", 16, is_upper_or_digit},
    Shape{"ASIA", 16, is_upper_or_digit},
    Shape{"xapp-", 8, is_token},
    Shape{"https://hooks.slack.com/", 1, is_visible},
    Shape{"https://hooks.slack-gov.com/", 1, is_visible},
    Shape{"ghp_", 20, is_token},
    Shape{"gho_", 20, is_token},
    Shape{"ghs_", 20, is_token},
    Shape{"ghu_", 20, is_token},
    Shape{"ghr_", 20, is_token},
    Shape{"github_pat_", 20, is_token},
    Shape{"glpat-", 16, is_token},
    Shape{"AIza", 30, is_token},
    Shape{"eyJ", 20, is_dotted},
};

std::size_t fixed_shape(std::string_view text) {
  for (const Shape& shape : shapes) {
    if (!text.starts_with(shape.prefix)) continue;
    const std::size_t tail = run(text.substr(shape.prefix.size()), shape.holds);
    if (tail >= shape.least) return shape.prefix.size() + tail;
  }
  return 0;
}

// xoxb-, xoxp-, xoxe.xoxp- ...
std::size_t slack_token(std::string_view text) {
  if (text.size() < 5 || !text.starts_with("xox")) return 0;
  const bool marked = std::islower(static_cast<unsigned char>(text[3])) != 0;
  if (!marked || (text[4] != '-' && text[4] != '.')) return 0;
  const std::size_t tail = run(text.substr(5), is_dotted);
  return tail >= 5 ? 5 + tail : 0;
}

// 40 characters of three kinds; a git commit id (hex) has two at most.
std::size_t aws_secret_key(std::string_view text) {
  constexpr std::size_t length = 40;
  if (run(text.substr(0, length + 1), is_base64) != length) return 0;
  const auto key = text.substr(0, length);
  const auto has = [key](int (*kind)(int)) {
    return std::ranges::any_of(key,
                               [kind](char c) { return kind(static_cast<unsigned char>(c)) != 0; });
  };
  return has(std::isupper) && has(std::islower) && has(std::isdigit) ? length : 0;
}

std::size_t private_key(std::string_view text) {
  constexpr std::string_view begin = "-----BEGIN ";
  if (!text.starts_with(begin)) return 0;
  const auto label_end = text.find("-----", begin.size());
  if (label_end == text.npos || text.substr(0, label_end).find("PRIVATE KEY") == text.npos)
    return 0;
  constexpr std::string_view end = "-----END ";
  const auto footer = text.find(end, label_end);
  if (footer == text.npos) return text.size();
  const auto close = text.find("-----", footer + end.size());
  return close == text.npos ? text.size() : close + 5;
}

bool same_letters(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

std::size_t bearer(std::string_view text) {
  constexpr std::string_view word = "bearer ";
  if (!std::ranges::equal(text.substr(0, word.size()), word, same_letters)) return 0;
  const std::size_t tail = run(text.substr(word.size()), is_bearer);
  return tail >= 8 ? word.size() + tail : 0;
}

// "https://user:password@host": the whole address up to the host's name.
std::size_t login_in_url(std::string_view text) {
  const std::size_t scheme = run(text, is_alnum);
  if (scheme == 0 || !text.substr(scheme).starts_with("://")) return 0;
  const std::size_t start = scheme + 3;
  const std::size_t at = text.find_first_of("@/?# \t\r\n", start);
  if (at == text.npos || text[at] != '@') return 0;
  return text.substr(start, at - start).find(':') == text.npos ? 0 : at + 1;
}

}  // namespace

std::size_t secret_at(std::string_view text) {
  for (const auto match :
       {private_key, fixed_shape, slack_token, bearer, login_in_url, aws_secret_key}) {
    if (const std::size_t length = match(text); length > 0) return length;
  }
  return 0;
}

bool looks_random(std::string_view value) {
  constexpr std::size_t least = 16;
  constexpr double bits_a_character = 3.0;  // English words have about 2.5 at this length
  if (value.size() < least) return false;
  std::array<int, 256> counts{};
  for (const char c : value) ++counts[static_cast<unsigned char>(c)];
  double entropy = 0;
  for (const int count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(value.size());
    entropy -= share * std::log2(share);
  }
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return entropy >= bits_a_character && std::ranges::any_of(value, is_digit);
}

}  // namespace ringi::ledger
