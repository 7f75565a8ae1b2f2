#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"

namespace ringi::ports {
class CurrentRules;
class Directory;
}  // namespace ringi::ports

namespace ringi::slack {

// Errc::denied for a channel that outsiders read along and that external_channels does not name:
// ringi posts nothing there. A direct message is nobody else's. Other errors: Slack could not be
// asked.
Task<Result<void>> may_post_in(ports::Directory& directory, const ports::CurrentRules& rules,
                               SlackChannel channel);

}  // namespace ringi::slack
