#pragma once

#include "handlers/message/text.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ringi::message {

// Block Kit as values that cannot break Slack's limits: what is too long is cut with a visible "…"
// when it becomes JSON. Limits: docs.slack.dev/reference/block-kit.
struct Confirm {
  std::string title;          // plain, 100
  Text text;                  // 300
  std::string confirm, deny;  // plain, 30
  bool danger = false;
};

struct Button {
  enum class Style { normal, primary, danger };
  std::string action;  // action_id, the catalog's key
  std::string value;   // an opaque id, never meaning
  std::string label;   // plain, 75
  Style style = Style::normal;
  std::optional<Confirm> confirm = {};
  std::string url = {};  // https only
};

struct Header {
  std::string text;
};  // plain, 150
struct Section {
  Text text;
};  // mrkdwn, 3000
struct Context {
  std::vector<Text> texts;
};  // 10
struct Actions {
  std::string block_id;
  std::vector<Button> buttons;
};  // 25
struct Divider {};
struct Preformatted {
  std::string text;
};  // rich_text_preformatted: no mark-up is parsed in it
struct Input {
  std::string block_id;
  std::string label;  // plain, 2000
  std::string hint = {};
  bool multiline = false;
  bool optional = false;
  std::size_t max_length = 3000;
};

using Block = std::variant<Header, Section, Context, Actions, Divider, Preformatted, Input>;

struct Message {
  Text text;  // the whole thing in one line: phone notification and screen reader
  std::vector<Block> blocks;
  std::string colour = {};  // "#b00020": a colour bar beside the blocks; never the only sign
};

// A modal.
struct View {
  std::string callback_id;       // the catalog's key
  std::string title;             // plain, 24
  std::string submit;            // plain, 24; "" for a form that only shows
  std::string close;             // plain, 24
  std::string private_metadata;  // 3000; not secret, checked again when it comes back
  std::vector<Block> blocks;     // 100
};

// {"text", "blocks"}; with a colour the first block alone stands in "blocks" and the rest in one
// attachment beside the bar. 50 blocks at most.
nlohmann::json to_json(const Message& message);
nlohmann::json to_json(const View& view);

// The same as JSON text, for rooms that only carry it.
std::string json_text(const Message& message);
std::string json_text(const View& view);

}  // namespace ringi::message
