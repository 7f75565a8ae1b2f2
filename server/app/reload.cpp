#include "server/app/server.hpp"
#include "server/config/rules.hpp"
#include "server/observe/logger.hpp"
#include "server/runtime/blocking.hpp"
#include "server/runtime/timers.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <csignal>
#include <iterator>
#include <utility>

namespace ringi::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration files_every = 5s;
constexpr Duration refused_every = 30s;
constexpr Duration names_every = 10min;
constexpr Duration unknown_names_every = 30s;
constexpr Duration form_url_lives = 30min;  // as long as Slack takes an answer through it

template <class Words>
std::string joined(const Words& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// Some of them, and how many more.
std::string first_of(std::vector<std::string> words) {
  constexpr std::size_t most = 20;
  const auto all = words.size();
  if (all <= most) return joined(words);
  words.resize(most);
  return joined(words) + " and " + std::to_string(all - most) + " more";
}

// Why these names keep a reload from coming into force; "": they do not.
std::string names_refused(const ResolvedRules& resolved,
                          const std::set<std::string>& known_before) {
  if (!resolved.clashing.empty())
    return joined(resolved.clashing) + " is in [groups], and Slack has it too";
  std::vector<std::string> unknown;
  std::ranges::set_difference(resolved.unresolved, known_before, std::back_inserter(unknown));
  if (unknown.empty()) return {};
  return (resolved.asked ? "Slack does not know " : "Slack cannot be asked now about ") +
         joined(unknown);
}

}  // namespace

Task<> Server::until_told_to_stop() {
  for (;;) {
    boost::system::error_code ended;
    const int signal = co_await signals_.async_wait(
        boost::asio::redirect_error(boost::asio::use_awaitable, ended));
    if (ended || signal != SIGHUP) co_return;
    told_to_reload_ = true;
    news_.ring();
  }
}

// Reloads and looks at the names, one after the other: two at once would undo each other. A file
// that changed is as good as SIGHUP; what was refused is tried again, as its reason may pass.
Task<> Server::keep_current() {
  auto read = [this] {
    config::SystemFiles files;
    return fingerprint(settings_.config, files);
  };
  auto seen = co_await runtime::run_blocking(files_, read);
  for (;;) {
    if (std::exchange(accounts_changed_, false) || world_.steady.now() >= names_due_) {
      co_await refresh_rules(Ask::slack);
      co_await rows_.copies.drop_older("click-url", world_.clock.now() - form_url_lives);
    }
    co_await news_.wait(files_every);
    auto now = co_await runtime::run_blocking(files_, read);
    const bool changed = now != seen;
    seen = std::move(now);
    const bool told = std::exchange(told_to_reload_, false);
    if (told || changed) {
      refusal_told_ = false;
      co_await reload(told ? "SIGHUP" : "a file changed");
    } else if (refused_ && world_.steady.now() >= refused_due_) {
      co_await reload("it was refused before");
    }
  }
}

// The operators hear it once for each thing that somebody did.
Task<> Server::refuse_reload(std::string why) {
  refused_ = true;
  refused_due_ = world_.steady.now() + refused_every;
  if (std::exchange(refusal_told_, true)) {
    world_.log->info("reload refused again cause=\"{}\"", why);
    co_return;
  }
  message::Text sentence = "The configuration was not reloaded, the old one stays in force: " +
                           message::plain(why, 2500) + ".";
  co_await tell_operators(world_, slack_.voice, std::move(sentence));
}

Task<> Server::reload(std::string why) {
  auto read = [this] {
    return load_settings(settings_.config.file, process_environment(), world_.log,
                         reading_.get_token());
  };
  auto loaded = co_await runtime::run_blocking(files_, read);
  if (draining_) co_return;
  if (!loaded.settings) {
    std::vector<std::string> problems;
    for (const auto& problem : loaded.problems) problems.push_back(config::to_text(problem));
    co_await refuse_reload(joined(problems));
    co_return;
  }
  world_.log->info("reloading why=\"{}\"", why);
  co_await take(std::move(*loaded.settings));
}

Task<> Server::take(Settings next) {
  const auto late = config::needs_restart(settings_.config, next.config);
  if (!late.empty()) {
    co_await refuse_reload(joined(late) + " changed, which needs a restart");
    refused_due_ = Time::max();  // and nothing else will do
    co_return;
  }
  auto draft = co_await registry_.draft(next.config);
  if (draft.has_error()) co_return co_await refuse_reload(draft.error().log.text);
  auto resolved =
      co_await resolved_rules(next, draft->in_force.accounts, slack_, rows_, Ask::slack);
  if (resolved.has_error()) co_return co_await refuse_reload(resolved.error().log.text);
  if (const auto why = names_refused(*resolved, unresolved_); !why.empty())
    co_return co_await refuse_reload(why);
  const auto certificate = public_->reload_certificate(tls_of(next.config));
  if (certificate.has_error()) co_return co_await refuse_reload(certificate.error().log.text);
  const auto kept = co_await registry_.keep(draft->in_force.changes);
  if (kept.has_error()) co_return co_await refuse_reload(kept.error().log.text);
  settings_ = std::move(next);
  organization_.follow(plan_of(settings_.config));
  aws_.configure(settings_, draft->in_force.accounts);
  endpoints_.reload(slack_settings(settings_));
  slack_.api.use_token(settings_.secrets.bot_token);
  put_in_force({std::move(resolved).value(), std::move(draft).value()});
  const auto noted = co_await note("config.loaded");
  if (noted.has_error())
    world_.log->error("config.loaded is not in the ledger cause=\"{}\"", noted.error().log.text);
  co_await poll_queues();
  if (std::exchange(refused_, false))
    co_await tell_operators(world_, slack_.voice, "What was refused before is in force now.");
  co_await tell_of_accounts();
}

Task<Result<void>> Server::refresh_rules(Ask ask) {
  auto drafted = co_await draft_rules(ask);
  const auto now = world_.steady.now();
  names_due_ = now + unknown_names_every;
  if (drafted.has_error()) {  // the rules in force stay
    world_.log->warn("names and accounts were not looked up cause=\"{}\"",
                     drafted.error().log.text);
    co_return drafted.error();
  }
  const auto& resolved = drafted->resolved;
  const bool all_known = resolved.asked && resolved.unresolved.empty();
  names_due_ = ask == Ask::pins ? now : now + (all_known ? names_every : unknown_names_every);
  // Sessions that are open in accounts stay open where nothing about accounts has changed.
  if (ask == Ask::pins || world_.rules.rules()->accounts != resolved.rules.accounts)
    aws_.configure(settings_, resolved.rules.accounts);
  put_in_force(*drafted);
  co_await poll_queues();
  if (!resolved.asked) co_return Result<void>{};
  co_await tell_of_names(resolved);
  co_await tell_of_accounts();
  co_return Result<void>{};
}

// A name that is not known yet is replaced by the operators' channel, as everywhere.
std::vector<SlackChannel> Server::publish_channels() const {
  const auto rules = world_.rules.rules();
  std::vector<SlackChannel> channels;
  for (const auto& name : settings_.config.ledger.publish) {
    auto found = rules->channel_ids.find(name);
    if (found == rules->channel_ids.end())
      found = rules->channel_ids.find(rules->operators_channel);
    if (found != rules->channel_ids.end()) channels.push_back(found->second);
  }
  return channels;
}

// Each trouble once, until it is over; what was cut off before it was said is told next time.
Task<> Server::tell_of_fresh(std::set<std::string> troubles, std::set<std::string>& told,
                             message::Text before, message::Text after) {
  std::vector<std::string> fresh;
  std::ranges::set_difference(troubles, told, std::back_inserter(fresh));
  if (!fresh.empty()) {
    auto sentence = before + message::plain(first_of(fresh), 2000) + after;
    co_await tell_operators(world_, slack_.voice, std::move(sentence));
  }
  told = std::move(troubles);
}

Task<> Server::tell_of_names(const ResolvedRules& resolved) {
  std::set<std::string> troubles = resolved.unresolved;
  troubles.insert(resolved.unresolved_tags.begin(), resolved.unresolved_tags.end());
  troubles.insert(resolved.clashing.begin(), resolved.clashing.end());
  co_await tell_of_fresh(std::move(troubles), told_,
                         "Slack does not know, or knows beside [groups]: ",
                         ". Such a channel is replaced by the operators'; such a group matches"
                         " nobody where something is allowed and everyone where it is denied.");
}

}  // namespace ringi::app
