#include "server/app/slack_side.hpp"

#include "handlers/message/english.hpp"
#include "server/config/rules.hpp"
#include "server/observe/logger.hpp"
#include "server/runtime/timers.hpp"
#include "server/slack/names.hpp"

namespace ringi::app {

SlackSide::SlackSide(World& world, Rows& rows, const Settings& settings)
    : api({*world.transport,
           {settings.config.slack.api_url, settings.secrets.bot_token},
           world.steady,
           runtime::sleep_for,
           runtime::chance,
           world.metrics,
           world.log}),
      response_urls(*world.transport, settings.config.slack.api_url, runtime::sleep_for),
      directory(api, rows.copies, world.clock, settings.config.slack.team_id,
                world.context.get_executor()),
      direct_messages(api, rows.copies),
      voice({api, response_urls, direct_messages, pacing, directory, world.rules, world.clock,
             world.steady, rows.jobs, world.ids, runtime::sleep_for, world.log}),
      cards({rows.messages, api, pacing, directory, world.rules, world.steady, runtime::sleep_for,
             world.log},
            world.clock, world.tasks),
      forms(api, voice, world.ids, world.log) {}

Task<> tell_operators(World& world, ports::Slack& slack, message::Text sentence) {
  auto message = message::said(sentence);
  world.log->warn("operators: {}", message.text.mrkdwn());
  const auto rules = world.rules.rules();
  const auto channel = rules->channel_ids.find(rules->operators_channel);
  if (channel == rules->channel_ids.end()) co_return;
  const auto said = co_await slack.say(channel->second, std::nullopt, std::move(message));
  if (said.has_error()) world.log->error("operators could not be told: {}", said.error().log.text);
}

Task<Result<ResolvedRules>> resolved_rules(const Settings& settings,
                                           std::vector<access::Account> accounts, SlackSide& slack,
                                           Rows& rows, Ask ask) {
  auto wanted = config::names_to_resolve(settings.config, accounts);
  const auto written =
      config::names_to_resolve(settings.config, config::accounts_of(settings.config, {})).channels;
  ResolvedRules result{.rules = config::rules_of(settings.config, std::move(accounts))};
  slack::ConfiguredNames names{std::move(wanted.channels), std::move(wanted.groups)};
  for (const auto& [handle, members] : result.rules.groups) names.own_groups.insert(handle);
  auto asked = ask == Ask::pins ? slack::pinned_names(rows.copies, std::move(names))
                                : slack::resolve_names(slack.api, rows.copies, std::move(names));
  auto resolved = co_await std::move(asked);
  if (resolved.has_error()) co_return resolved.error();
  result.rules.channel_ids = std::move(resolved->channels);
  result.rules.group_ids = std::move(resolved->groups);
  for (auto& name : resolved->unresolved)
    (written.contains(name) || name.starts_with('@') ? result.unresolved : result.unresolved_tags)
        .insert(std::move(name));
  result.clashing = {resolved->clashing.begin(), resolved->clashing.end()};
  result.asked = ask == Ask::slack && resolved->unasked.empty();
  // Whom such a handle means is not known, so it is treated as one that nobody resolves.
  for (const auto& shown : result.clashing) result.rules.groups.erase(shown.substr(1));
  co_return result;
}

}  // namespace ringi::app
