#include "server/aws/protocol/percent.hpp"

#include <cctype>

namespace ringi::aws {
namespace {

bool unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

bool hex_digit(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

void append_encoded(std::string& out, char c) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(c);
  out += '%';
  out += digits[value >> 4U];
  out += digits[value & 15U];
}

std::string encode(std::string_view text, char kept) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (unreserved(c) || c == kept)
      out += c;
    else
      append_encoded(out, c);
  }
  return out;
}

char upper(char c) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}

}  // namespace

std::string percent_encode(std::string_view text) {
  return encode(text, '-');
}

std::string percent_encode_path(std::string_view path) {
  return encode(path, '/');
}

std::string percent_encode_rest(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool encoded =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) && hex_digit(text[i + 2]);
    if (encoded) {
      out += {'%', upper(text[i + 1]), upper(text[i + 2])};
      i += 2;
    } else if (unreserved(text[i])) {
      out += text[i];
    } else {
      append_encoded(out, text[i]);
    }
  }
  return out;
}

}  // namespace ringi::aws
