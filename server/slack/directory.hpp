#pragma once

#include "handlers/ports/slack.hpp"
#include "server/store/copies.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace ringi::ports {
class Clock;
}

namespace ringi::slack {

class WebApi;

// What Slack knows, through copies in the store: "person" {"name","full_member"}, "group" [user
// ids], "channel" {"name","externally_shared"}. Many who ask the same at once share one question to
// Slack. Used from the thread of `executor` only.
class CachedDirectory final : public ports::Directory {
 public:
  CachedDirectory(WebApi& api, store::Copies& copies, const ports::Clock& clock, SlackTeam ours,
                  boost::asio::any_io_executor executor);
  ~CachedDirectory() override;

  Task<Result<ports::Person>> person(SlackUser user, Duration max_age) override;
  Task<Result<std::vector<SlackUser>>> members(SlackGroup group, Duration max_age) override;
  Task<Result<ports::ChannelFacts>> channel(SlackChannel channel, Duration max_age) override;

  // Slack said that the group changed: its copy falls, and an answer that is under way is not kept.
  Task<Result<void>> forget_group(SlackGroup group);

 private:
  using Ask = std::function<Task<Result<nlohmann::json>>()>;
  struct Flight;

  Task<Result<store::Copy>> fresh(std::string kind, std::string key, Duration max_age, Ask ask);
  Task<Result<store::Copy>> fetch(std::string kind, std::string key, Ask ask);
  Task<Result<nlohmann::json>> ask_person(SlackUser user);
  Task<Result<nlohmann::json>> ask_group(SlackGroup group);
  Task<Result<nlohmann::json>> ask_channel(SlackChannel channel);

  WebApi& api_;
  store::Copies& copies_;
  const ports::Clock& clock_;
  const SlackTeam ours_;
  boost::asio::any_io_executor executor_;
  std::map<std::string, std::shared_ptr<Flight>> flights_;  // by kind and key
};

}  // namespace ringi::slack
