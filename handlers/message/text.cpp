#include "handlers/message/text.hpp"

#include "handlers/message/unicode.hpp"

#include <cctype>
#include <chrono>
#include <cstdio>

namespace ringi::message {

Text raw(std::string mrkdwn) {
  Text text;
  text.mrkdwn_ = std::move(mrkdwn);
  return text;
}

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// Slack formats "_" only at the edge of a word: inside names it may stay, so that they can be
// copied.
bool is_inside_word(std::string_view text, std::size_t at) {
  return at > 0 && at + 1 < text.size() && is_word(text[at - 1]) && is_word(text[at + 1]);
}

// Marks have no escape in mrkdwn: where one could format, a character that looks the same stands
// in.
std::string_view stand_in(std::string_view text, std::size_t at) {
  switch (text[at]) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '*':
      return "∗";
    case '~':
      return "∼";
    case '`':
      return "ˋ";
    case '_':
      return is_inside_word(text, at) ? std::string_view{"_"} : std::string_view{"ˍ"};
    default:
      return text.substr(at, 1);
  }
}

std::string escaped(std::string_view line) {
  std::string out;
  out.reserve(line.size());
  for (std::size_t at = 0; at < line.size(); ++at) out += stand_in(line, at);
  return out;
}

// In a code span only the back-tick and Slack's three characters mean something.
std::string escaped_code(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    const bool means = c == '&' || c == '<' || c == '>' || c == '`';
    out += means ? stand_in(line, at) : line.substr(at, 1);
  }
  return out;
}

std::string percent_encoded(std::string_view url) {
  std::string out;
  for (char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7F && c != '|' && c != '<' && c != '>' && c != '"' && c != '`') {
      out += c == '&' ? std::string{"&amp;"} : std::string(1, c);
    } else {
      char code[4];
      std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned>(byte));
      out += code;
    }
  }
  return out;
}

// "2025-10-09 09:53 UTC"
std::string utc_minutes(Time time) {
  auto text = rfc3339(time).substr(0, 16);
  text[10] = ' ';
  return text + " UTC";
}

// One "<…>" of a line without formatting.
std::string unformatted_token(const std::string& token) {
  const auto bar = token.find('|');
  return bar == std::string::npos ? "<" + token + ">" : token.substr(bar + 1);
}

}  // namespace

Text& Text::operator+=(const Text& more) {
  mrkdwn_ += more.mrkdwn_;
  return *this;
}

Text plain(std::string_view foreign, std::size_t limit) {
  return raw(escaped(one_line(foreign, limit)));
}

Text code(std::string_view foreign, std::size_t limit) {
  const auto line = one_line(foreign, limit);
  if (line.empty()) return {};
  return raw("`" + escaped_code(line) + "`");
}

Text bold(const Text& text) {
  if (text.empty()) return {};
  return raw("*" + text.mrkdwn() + "*");
}

Text user(const SlackUser& id) {
  return id.empty() ? Text{} : raw("<@" + id.str() + ">");
}
Text group(const SlackGroup& id) {
  return id.empty() ? Text{} : raw("<!subteam^" + id.str() + ">");
}
Text channel(const SlackChannel& id) {
  return id.empty() ? Text{} : raw("<#" + id.str() + ">");
}

Text link(std::string_view url, const Text& label) {
  constexpr std::size_t longest = 2000;
  if (!url.starts_with("https://") || url.size() > longest) return label;
  return raw("<" + percent_encoded(url) + "|" + label.mrkdwn() + ">");
}

Text date(Time time, std::string_view format) {
  return raw("<!date^" + std::to_string(unix_seconds(time)) + "^" + std::string{format} + "|" +
             utc_minutes(time) + ">");
}

Text join(const std::vector<Text>& parts, const Text& separator) {
  Text all;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    if (!all.empty()) all += separator;
    all += part;
  }
  return all;
}

Text unformatted(const Text& text) {
  std::string out;
  const std::string& source = text.mrkdwn();
  for (std::size_t at = 0; at < source.size(); ++at) {
    const auto end = source[at] == '<' ? source.find('>', at) : std::string::npos;
    if (end != std::string::npos) {
      out += unformatted_token(source.substr(at + 1, end - at - 1));
      at = end;
    } else if (source[at] == '\n') {
      out += ' ';
    } else if (source[at] != '*' && source[at] != '`') {
      out += source[at];
    }
  }
  return raw(std::move(out));
}

}  // namespace ringi::message
