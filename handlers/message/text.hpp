#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ringi::message {

// mrkdwn that is escaped by construction: foreign text enters through plain() or code() alone.
// Source: docs.slack.dev/messaging/formatting-message-text.
class Text {
 public:
  Text() = default;

  // Literals of our own code only; not escaped.
  template <std::size_t N>
  Text(const char (&literal)[N]) : mrkdwn_(literal) {}

  const std::string& mrkdwn() const { return mrkdwn_; }
  bool empty() const { return mrkdwn_.empty(); }
  Text& operator+=(const Text& more);
  friend Text operator+(Text left, const Text& right) { return left += right; }
  friend bool operator==(const Text&, const Text&) = default;

 private:
  friend Text raw(std::string mrkdwn);
  std::string mrkdwn_;
};

// Escapes & < >, replaces line breaks and control characters by a space, drops bidi marks, and
// breaks the marks * _ ~ ` so that foreign text formats nothing. Cut to `limit` characters with a
// visible "…".
Text plain(std::string_view foreign, std::size_t limit = 300);
Text code(std::string_view foreign, std::size_t limit = 300);
Text bold(const Text& text);
Text user(const SlackUser& id);
Text group(const SlackGroup& id);
Text channel(const SlackChannel& id);
// `https` only, else the label alone. "|", "<", ">" in the URL are percent-encoded.
Text link(std::string_view url, const Text& label);
// Each reader sees their own day and clock; the fallback is UTC.
// Tokens of the format: {date_short_pretty}, {time}, {time_secs}.
Text date(Time time, std::string_view format = "{date_short_pretty} {time}");
Text join(const std::vector<Text>& parts, const Text& separator);

// As a phone's notification says it: one line without formatting, links and dates in plain words;
// a mention stays one, for Slack puts the name there.
Text unformatted(const Text& text);

}  // namespace ringi::message
