#pragma once

#include "server/app/world.hpp"
#include "server/slack/cards.hpp"
#include "server/slack/direct_messages.hpp"
#include "server/slack/directory.hpp"
#include "server/slack/pacing.hpp"
#include "server/slack/response_url.hpp"
#include "server/slack/voice.hpp"
#include "server/slack/web_api.hpp"
#include "server/slack/web_form_opener.hpp"

#include <set>

namespace ringi::app {

// The way out to Slack.
struct SlackSide {
  SlackSide(World& world, Rows& rows, const Settings& settings);

  slack::WebApi api;
  slack::ResponseUrls response_urls;
  slack::Pacing pacing;
  slack::CachedDirectory directory;
  slack::DirectMessages direct_messages;
  slack::Voice voice;
  slack::CardSender cards;
  slack::WebFormOpener forms;
};

// One line to the operators' channel; where that fails the log has it.
Task<> tell_operators(World& world, ports::Slack& slack, message::Text sentence);

// Rules with the ids of the names in them, from the store's pins alone or by asking Slack.
enum class Ask { pins, slack };
struct ResolvedRules {
  access::Rules rules;
  std::set<std::string> unresolved;       // "#gone", "@gone": of the configuration
  std::set<std::string> unresolved_tags;  // channels that tags alone name
  std::set<std::string> clashing;         // "@ours": in [groups], and in Slack too
  bool asked = false;                     // Slack answered; otherwise the pins alone count
};
// `accounts`: those in force.
Task<Result<ResolvedRules>> resolved_rules(const Settings& settings,
                                           std::vector<access::Account> accounts, SlackSide& slack,
                                           Rows& rows, Ask ask);

}  // namespace ringi::app
