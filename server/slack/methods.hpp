#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "server/slack/web_api.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ringi::slack {

// The methods of Slack's Web API that ringi uses, in ringi's own types. `body` is a message or view
// as JSON text; links in messages are never unfurled, since what they hold is not ours.
struct PostedAt {
  SlackChannel channel;
  MessageTs ts;
};

Task<Result<PostedAt>> post_message(WebApi& api, SlackChannel channel,
                                    std::optional<MessageTs> thread, std::string body,
                                    Duration patience = usual_patience);
Task<Result<void>> post_ephemeral(WebApi& api, SlackChannel channel, SlackUser user,
                                  std::optional<MessageTs> thread, std::string body);
Task<Result<void>> update_message(WebApi& api, SlackChannel channel, MessageTs ts, std::string body,
                                  Duration patience = usual_patience);
Task<Result<void>> delete_message(WebApi& api, SlackChannel channel, MessageTs ts,
                                  Duration patience = usual_patience);
Task<Result<std::string>> get_permalink(WebApi& api, SlackChannel channel, MessageTs ts);
Task<Result<std::string>> open_view(WebApi& api, std::string trigger_id, std::string view);
Task<Result<void>> update_view(WebApi& api, std::string view_id, std::string view);
Task<Result<SlackChannel>> open_direct_message(WebApi& api, SlackUser user);

Task<Result<nlohmann::json>> user_info(WebApi& api, SlackUser user);           // "user"
Task<Result<nlohmann::json>> channel_info(WebApi& api, SlackChannel channel);  // "channel"
Task<Result<std::vector<SlackUser>>> group_members(WebApi& api, SlackGroup group);
Task<Result<std::map<std::string, SlackGroup>>> list_groups(WebApi& api);      // by handle
Task<Result<std::map<std::string, SlackChannel>>> list_channels(WebApi& api);  // by name, all pages
Task<Result<nlohmann::json>> auth_test(WebApi& api);

}  // namespace ringi::slack
