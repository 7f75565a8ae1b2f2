#pragma once

#include "handlers/ports/jobs.hpp"
#include "handlers/ports/slack.hpp"
#include "server/observe/log.hpp"
#include "server/slack/web_api.hpp"

namespace ringi::ports {
class Clock;
class CurrentRules;
class Ids;
}  // namespace ringi::ports

namespace ringi::slack {

class DirectMessages;
class Pacing;
class ResponseUrls;

// Private answers and single lines. Cards are CardSender's. Used from the I/O thread only.
class Voice final : public ports::Slack {
 public:
  struct Parts {
    WebApi& api;
    ResponseUrls& response_urls;
    DirectMessages& direct_messages;
    Pacing& pacing;
    ports::Directory& directory;
    const ports::CurrentRules& rules;
    const ports::Clock& clock;  // of the system: jobs wait by it
    const ports::Clock& pace;   // for distances: nobody sets it back
    ports::Jobs& jobs;
    ports::Ids& ids;
    Sleep sleep;
    observe::Log log;
  };
  explicit Voice(Parts parts) : parts_(std::move(parts)) {}

  // What Slack does not take now is kept as a chore.
  Task<Result<void>> tell(Caller caller, Via via, message::Message message) override;
  Chore answer_chore(Caller caller, Via via, message::Message message) override;
  Task<Result<void>> tell_late(Chore chore);  // says either kind of chore
  Task<Result<void>> replace(Via via, message::Message message) override;
  Task<Result<MessageTs>> say(SlackChannel channel, std::optional<MessageTs> thread,
                              message::Message message) override;
  Task<Result<void>> remove(SlackChannel channel, MessageTs ts) override;
  Task<Result<std::string>> permalink(SlackChannel channel, MessageTs ts) override;
  Task<Result<void>> update_view(std::string view_id, message::View view) override;

 private:
  // `message`: JSON text.
  Task<Result<void>> tell_somehow(Caller caller, Via via, std::string message);
  Task<Result<void>> tell_in_place(const Caller& caller, const Via& via, std::string message);
  Task<Result<void>> tell_directly(const Caller& caller, std::string message);
  Task<Result<MessageTs>> post_paced(SlackChannel channel, std::optional<MessageTs> thread,
                                     std::string body);

  Parts parts_;
};

}  // namespace ringi::slack
