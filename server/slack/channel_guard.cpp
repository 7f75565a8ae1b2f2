#include "server/slack/channel_guard.hpp"

#include "handlers/access/rules.hpp"
#include "handlers/ports/rules.hpp"
#include "handlers/ports/slack.hpp"

#include <algorithm>

namespace ringi::slack {

Task<Result<void>> may_post_in(ports::Directory& directory, const ports::CurrentRules& rules,
                               SlackChannel channel) {
  constexpr Duration max_age = std::chrono::minutes{10};
  if (channel.str().starts_with('D')) co_return Result<void>{};
  const auto in_force = rules.rules();
  if (std::ranges::count(in_force->external_channels, channel) > 0) co_return Result<void>{};
  const auto facts = co_await directory.channel(channel, max_age);
  if (facts.has_error()) co_return facts.error();
  if (!facts->externally_shared) co_return Result<void>{};
  co_return error(
      Errc::denied, ForLog{"externally shared channel " + channel.str()},
      ForPerson{"this channel is shared with another organisation, and external_channels "
                "does not name it"});
}

}  // namespace ringi::slack
