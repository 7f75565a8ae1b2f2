#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ringi {

// An identifier that was checked once, where it came in. Rule is a struct with
// `static bool valid(std::string_view)`. A default-constructed Id is empty and stands for "none".
template <class Rule>
class Id {
 public:
  Id() = default;

  static std::optional<Id> parse(std::string_view text) {
    if (!Rule::valid(text)) return std::nullopt;
    return Id{std::string{text}};
  }

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

namespace rule {
struct AccountId {
  static bool valid(std::string_view text);
};  // 12 digits
struct Region {
  static bool valid(std::string_view text);
};  // facts: `xx-word-N`, `us-gov-…`, `cn-…`
struct PipelineName {
  static bool valid(std::string_view text);
};  // [A-Za-z0-9.@_-]{1,100}
struct ExecutionId {
  static bool valid(std::string_view text);
};  // lower-case UUID
struct SlackTeam {
  static bool valid(std::string_view text);
};  // T…
struct SlackUser {
  static bool valid(std::string_view text);
};  // U… or W…
struct SlackChannel {
  static bool valid(std::string_view text);
};  // C…, G… or D…
struct SlackGroup {
  static bool valid(std::string_view text);
};  // S…
struct SlackApp {
  static bool valid(std::string_view text);
};  // A…
struct MessageTs {
  static bool valid(std::string_view text);
};  // "<seconds>.<6 digits>", never a number
struct OpaqueId {
  static bool valid(std::string_view text);
};  // ours: [A-Z0-9]{26}, a ULID
}  // namespace rule

using AccountId = Id<rule::AccountId>;
using Region = Id<rule::Region>;
using PipelineName = Id<rule::PipelineName>;
using ExecutionId = Id<rule::ExecutionId>;
using SlackTeam = Id<rule::SlackTeam>;
using SlackUser = Id<rule::SlackUser>;
using SlackChannel = Id<rule::SlackChannel>;
using SlackGroup = Id<rule::SlackGroup>;
using SlackApp = Id<rule::SlackApp>;
using MessageTs = Id<rule::MessageTs>;
using OpaqueId = Id<rule::OpaqueId>;

// Its last six characters: short enough to be read out, and they find the line in the log.
std::string short_id(const OpaqueId& id);

}  // namespace ringi

template <class Rule>
struct std::hash<ringi::Id<Rule>> {
  std::size_t operator()(const ringi::Id<Rule>& id) const {
    return std::hash<std::string>{}(id.str());
  }
};
