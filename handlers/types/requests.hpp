#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <variant>

namespace ringi {

// Where an answer may be posted without a token (Slack: 5 uses, 30 minutes). A secret: it has no
// operator<<, and only the store and Slack's client may call reveal().
class ResponseUrl {
 public:
  ResponseUrl() = default;
  explicit ResponseUrl(std::string url) : url_(std::move(url)) {}
  bool empty() const { return url_.empty(); }
  const std::string& reveal() const { return url_; }

 private:
  std::string url_;
};

// Who asks, as Slack signed it. What this person may do is decided later, in the job.
struct Caller {
  SlackTeam team;
  SlackUser user;
  std::string name;  // for the log and the ledger only; never identity
  friend bool operator==(const Caller&, const Caller&) = default;
};

// Where it was asked, and so where the answer goes.
struct Via {
  SlackChannel channel;              // empty for a form that was opened from a home tab
  std::optional<MessageTs> message;  // the message that bears the button
  std::optional<MessageTs> thread;
  ResponseUrl response_url;  // empty after a mention
  bool ephemeral = false;    // that message is shown to one person, and kept nowhere
};

// A slash command, or the same words after a mention.
struct Command {
  Caller caller;
  Via via;
  std::string word;  // "deploy", "aws" or "ringi": our own name, whatever [slack] commands calls it
  std::string text;  // what follows, with quotes and spaces normalised, Slack's escapes still in it
  bool mention = false;
};

// A button or select in a message.
struct Click {
  Caller caller;
  Via via;
  std::string action;      // action_id: "approval.approve", "start.confirm" ...: the catalog's key
  std::string value;       // the opaque id that the button bears
  std::string trigger_id;  // 3 s, one use; only the session uses it, to open a form
  std::string view_id = {};      // the form that it opened; empty: none
  std::string view_memory = {};  // the private_metadata of that form, which stays as it is
};

// A form that was sent.
struct Submission {
  Caller caller;
  Via via;            // what the form's private_metadata remembers of the click that opened it
  std::string form;   // callback_id: "approval.reject" ...: the catalog's key
  std::string value;  // the opaque id in private_metadata
  std::string view_id;
  std::map<std::string, std::string> fields;  // block_id -> what was entered
};

// Something that AWS said: a hint, never the truth.
struct Notification {
  enum class Source { sns, events };
  Source source = Source::sns;
  std::string topic;  // ARN; empty for an API destination
  AccountId account;  // of the topic, or of the event's envelope
  Region region;
  std::string message;  // JSON text as it was sent; not yet parsed
};

// Work that ringi gives itself: a follow-up, a look at a pipeline, a decision to apply.
struct Chore {
  std::string kind;     // "pipeline.look", "approval.apply" ...: the catalog's key
  std::string key;      // two waiting chores of one kind and key are one
  std::string payload;  // JSON text of the kind's own shape
  Via via = {};         // where to tell the person for whom it is done; empty: nowhere yet
};

using Request = std::variant<Command, Click, Submission, Notification, Chore>;

// A request that is stored, with what the job that carries it out needs to know.
struct Delivery {
  OpaqueId id;  // the job's own id: names it in the log, the ledger ("request") and tokens at AWS
  Time received;
  int attempt = 1;  // 1 until it has failed; what a stop or a crash cut short does not count
  bool begun_before = false;  // somebody, perhaps a process that died, may have done a part of it
  bool last_attempt = false;  // a transient failure now is final: tell the person
  bool ask_first = false;     // answered 503 although it was stored: ask whether it is still wanted
  Request request;
};

}  // namespace ringi
