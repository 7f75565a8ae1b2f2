#pragma once

#include "server/store/messages.hpp"

namespace ringi::store {

class Store;

class MessageRows final : public Messages {
 public:
  explicit MessageRows(Store& store) : store_(store) {}

  Task<Result<void>> want(std::string key, SlackChannel channel, std::string parent, int priority,
                          std::string body) override;
  Task<Result<std::optional<MessageRow>>> find(std::string key) override;
  // A line in a thread is due only once its card stands.
  Task<Result<std::vector<MessageRow>>> due(int limit) override;
  Task<Result<void>> shown(std::string key, std::int64_t version, Standing standing) override;
  Task<Result<void>> repeat(MessageRow row) override;
  Task<Result<void>> lost(std::string key, MessageTs ts) override;
  Task<Result<void>> given_up(std::string key, std::int64_t version, std::string why) override;
  Task<Result<void>> failed(std::string key, int failures, int unanswered) override;

 private:
  Store& store_;
};

}  // namespace ringi::store
