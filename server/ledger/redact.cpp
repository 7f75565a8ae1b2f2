#include "server/ledger/redact.hpp"

#include "handlers/access/rules.hpp"
#include "server/ledger/secret_shapes.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace ringi::ledger {
namespace {

constexpr std::string_view mark = "[redacted]";
constexpr std::size_t longest_name = 128;

// Parts of names, in upper case without "_" and "-".
constexpr std::array<std::string_view, 8> secret_words = {
    "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "APIKEY", "PRIVATEKEY"};

char upper(char c) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}
bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_name(char c) {
  return is_word(c) || c == '-' || c == '.';
}
bool is_space(char c) {
  return c == ' ' || c == '\t';
}

std::string upper(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), [](char c) { return upper(c); });
  return result;
}

std::string bare(std::string_view name) {
  std::string result = upper(name);
  std::erase_if(result, [](char c) { return c == '_' || c == '-'; });
  return result;
}

bool holds_secret_word(std::string_view name) {
  const std::string letters = bare(name);
  return std::ranges::any_of(
      secret_words, [&](std::string_view word) { return letters.find(word) != letters.npos; });
}

std::size_t skip(std::string_view text, std::size_t at, bool (*holds)(char)) {
  while (at < text.size() && holds(text[at])) ++at;
  return at;
}

// A colon stands in sentences too ("token: rotated"): there the value tells which it is.
bool reads_as_prose(std::string_view value) {
  return std::ranges::all_of(
      value, [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
}

// Where the value that begins at `at` ends: at its closing quote, else before the next separator.
std::size_t value_end(std::string_view text, std::size_t at, bool quoted) {
  const auto end = quoted ? text.find(text[at - 1], at) : text.find_first_of(" \t\r\n,;&\"'", at);
  return end == text.npos ? text.size() : end;
}

struct Separator {
  char sign = 0;          // '=', ':' or ' ' (after "--name")
  std::size_t value = 0;  // where it begins
  bool quoted = false;
};

// After a name: `=`, `: `, `": "`, or for a command line's option the blank.
Separator separator_at(std::string_view text, std::size_t at, bool option) {
  if (at < text.size() && (text[at] == '"' || text[at] == '\'')) ++at;
  const std::size_t sign = skip(text, at, is_space);
  Separator found{0, sign};
  if (sign < text.size() && (text[sign] == '=' || text[sign] == ':')) {
    found = {text[sign], skip(text, sign + 1, is_space)};
  } else if (option && sign > at) {
    found = {' ', sign};
  }
  if (found.value < text.size() && (text[found.value] == '"' || text[found.value] == '\'')) {
    found.quoted = true;
    ++found.value;
  }
  return found;
}

}  // namespace

Redactor::Redactor(std::vector<std::string> variables) : variables_(std::move(variables)) {
  for (std::string& glob : variables_) glob = upper(glob);
}

bool Redactor::names_secret(std::string_view name) const {
  const std::string whole = upper(name);
  const std::string last = whole.substr(whole.rfind('.') + 1);  // "variables.DB_PASSWORD"
  return std::ranges::any_of(variables_, [&](const std::string& glob) {
    return access::glob_matches(glob, whole) || access::glob_matches(glob, last);
  });
}

// The length of the value that a name at `at` gives away; `keep` is where it begins.
std::size_t Redactor::assignment(std::string_view text, std::size_t at, std::size_t& keep) const {
  const std::size_t name_end = skip(text.substr(0, at + longest_name), at, is_name);
  const auto name = text.substr(at, name_end - at);
  const bool option = at >= 2 && text.substr(at - 2, 2) == "--";
  const Separator found = separator_at(text, name_end, option);
  if (name.empty() || found.sign == 0) return 0;
  keep = found.value;
  if (bare(name) == "AUTHORIZATION")
    return std::min(text.find_first_of("\r\n", keep), text.size()) - keep;
  const bool secret_name = names_secret(name) || holds_secret_word(name);
  if (!secret_name && !bare(name).ends_with("KEY")) return 0;
  const std::size_t end = value_end(text, keep, found.quoted);
  const auto value = text.substr(keep, end - keep);
  const bool setting =
      found.sign != ':' || bare(name).find("PASSW") != std::string::npos || !reads_as_prose(value);
  const bool secret = secret_name ? setting : looks_random(value);
  return secret ? value.size() : 0;
}

std::string Redactor::text(std::string_view text) const {
  std::string result;
  std::size_t at = 0;
  while (at < text.size()) {
    const bool inside_word = at > 0 && is_word(text[at - 1]);
    std::size_t keep = at;
    std::size_t length = inside_word ? 0 : secret_at(text.substr(at));
    if (length == 0 && !inside_word && is_word(text[at])) length = assignment(text, at, keep);
    if (length == 0) {
      result += text[at++];
      continue;
    }
    result += text.substr(at, keep - at);
    result += mark;
    at = keep + length;
  }
  return result;
}

std::string Redactor::value(std::string_view name, std::string_view value) const {
  const bool whole = names_secret(name) || (holds_secret_word(name) && !value.empty());
  return whole ? std::string{mark} : text(value);
}

}  // namespace ringi::ledger
