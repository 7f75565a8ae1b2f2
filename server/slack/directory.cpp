#include "server/slack/directory.hpp"

#include "handlers/ports/clock.hpp"
#include "server/slack/methods.hpp"
#include "server/slack/slack_error.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <nlohmann/json.hpp>

#include <optional>

namespace ringi::slack {

namespace asio = boost::asio;
using nlohmann::json;

namespace {

bool flag(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && *found == true;
}

std::string text(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

// Slack Connect strangers come with the id of their own team; on an organisation grid the workspace
// of a member may be another one, and such a person is no member of ours either.
bool is_full_member(const json& user, const SlackTeam& ours) {
  const bool barred = flag(user, "deleted") || flag(user, "is_bot") ||
                      flag(user, "is_restricted") || flag(user, "is_ultra_restricted") ||
                      flag(user, "is_stranger");
  return !barred && text(user, "team_id") == ours.str();
}

bool is_unknown_person(const Error& error) {
  const auto slack = parse_slack_error(error.service_code);
  return slack == SlackError::user_not_found || slack == SlackError::user_not_visible;
}

// Whoever decides needs to know only that nothing may be decided now.
Error cannot_know(const Error& cause) {
  if (!is_transient(cause.code) && fault_of(cause) != Fault::token) return cause;
  return error(Errc::unavailable, cause.log, ForPerson{"Slack cannot be asked right now."},
               cause.service_code);
}

}  // namespace

// One question to Slack that is under way. Whoever comes later waits for the bell of the first.
struct CachedDirectory::Flight {
  explicit Flight(const asio::any_io_executor& executor) : landed(executor) {
    landed.expires_at(asio::steady_timer::time_point::max());
  }
  asio::steady_timer
      landed;  // never expires; cancelled when the answer is there, or the asker is gone
  bool over = false;
  bool outdated = false;
  std::optional<Result<store::Copy>> answer;  // empty when the asker was cancelled
};

CachedDirectory::CachedDirectory(WebApi& api, store::Copies& copies, const ports::Clock& clock,
                                 SlackTeam ours, asio::any_io_executor executor)
    : api_(api),
      copies_(copies),
      clock_(clock),
      ours_(std::move(ours)),
      executor_(std::move(executor)) {}

CachedDirectory::~CachedDirectory() = default;

Task<Result<ports::Person>> CachedDirectory::person(SlackUser user, Duration max_age) {
  Ask ask = [this, user] { return ask_person(user); };
  const auto copy = co_await fresh("person", user.str(), max_age, std::move(ask));
  if (copy.has_error() && is_unknown_person(copy.error()))
    co_return ports::Person{.id = user, .as_of = clock_.now()};
  if (copy.has_error()) co_return cannot_know(copy.error());
  const auto value = json::parse(copy->value);
  co_return ports::Person{user, text(value, "name"), flag(value, "full_member"), copy->as_of};
}

Task<Result<std::vector<SlackUser>>> CachedDirectory::members(SlackGroup group, Duration max_age) {
  Ask ask = [this, group] { return ask_group(group); };
  const auto copy = co_await fresh("group", group.str(), max_age, std::move(ask));
  if (copy.has_error()) co_return cannot_know(copy.error());
  const auto value = json::parse(copy->value);
  std::vector<SlackUser> members;
  for (const auto& id : value) {
    if (const auto user = SlackUser::parse(id.get<std::string>())) members.push_back(*user);
  }
  co_return members;
}

Task<Result<ports::ChannelFacts>> CachedDirectory::channel(SlackChannel channel, Duration max_age) {
  Ask ask = [this, channel] { return ask_channel(channel); };
  const auto copy = co_await fresh("channel", channel.str(), max_age, std::move(ask));
  if (copy.has_error()) co_return cannot_know(copy.error());
  const auto value = json::parse(copy->value);
  co_return ports::ChannelFacts{channel, text(value, "name"), flag(value, "externally_shared"),
                                copy->as_of};
}

Task<Result<void>> CachedDirectory::forget_group(SlackGroup group) {
  const auto flight = flights_.find("group:" + group.str());
  if (flight != flights_.end()) {
    flight->second->outdated = true;
    flights_.erase(flight);
  }
  auto dropped = co_await copies_.drop("group", group.str());
  co_return dropped;
}

Task<Result<store::Copy>> CachedDirectory::fresh(std::string kind, std::string key,
                                                 Duration max_age, Ask ask) {
  const auto kept = co_await copies_.get(kind, key);
  if (kept.has_value() && kept->has_value()) {
    // One from the future has no age: the clock was set back, and it must not serve until then.
    const auto age = clock_.now() - (*kept)->as_of;
    if (age >= Duration{0} && age < max_age) co_return **kept;
  }
  while (true) {
    const auto found = flights_.find(kind + ":" + key);
    if (found == flights_.end()) break;
    const auto flight = found->second;
    boost::system::error_code woken;
    co_await flight->landed.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (!flight->over) throw boost::system::system_error{asio::error::operation_aborted};
    if (flight->answer) co_return *flight->answer;
  }
  auto copy = co_await fetch(std::move(kind), std::move(key), std::move(ask));
  co_return copy;
}

Task<Result<store::Copy>> CachedDirectory::fetch(std::string kind, std::string key, Ask ask) {
  const auto flight = std::make_shared<Flight>(executor_);
  const auto name = kind + ":" + key;
  flights_[name] = flight;
  const auto land = [&](Flight* ended) {
    const auto here = flights_.find(name);
    if (here != flights_.end() && here->second.get() == ended) flights_.erase(here);
    ended->over = true;
    ended->landed.cancel();
  };
  // Runs on cancellation too: those who wait then ask by themselves.
  const std::unique_ptr<Flight, decltype(land)> landing{flight.get(), land};

  const auto asked_at = clock_.now();
  const auto value = co_await ask();
  if (value.has_error()) {
    flight->answer.emplace(value.error());
    co_return value.error();
  }
  store::Copy copy{value->dump(), asked_at};
  flight->answer.emplace(copy);
  // A copy that cannot be kept serves those who wait; the next one asks again.
  if (!flight->outdated) co_await copies_.put(std::move(kind), std::move(key), copy.value);
  co_return copy;
}

Task<Result<json>> CachedDirectory::ask_person(SlackUser user) {
  const auto info = co_await user_info(api_, user);
  if (info.has_error()) co_return info.error();
  const auto profile = info->value("profile", json::object());
  auto name = text(profile, "display_name");
  if (name.empty()) name = text(*info, "name");
  json value{{"name", std::move(name)}, {"full_member", is_full_member(*info, ours_)}};
  co_return Result<json>{boost::system::in_place_value, std::move(value)};
}

Task<Result<json>> CachedDirectory::ask_group(SlackGroup group) {
  const auto members = co_await group_members(api_, group);
  if (members.has_error()) co_return members.error();
  json ids = json::array();
  for (const auto& member : *members) ids.push_back(member.str());
  co_return Result<json>{boost::system::in_place_value, std::move(ids)};
}

Task<Result<json>> CachedDirectory::ask_channel(SlackChannel channel) {
  const auto info = co_await channel_info(api_, channel);
  if (info.has_error()) co_return info.error();
  const bool shared = flag(*info, "is_ext_shared") || flag(*info, "is_pending_ext_shared");
  json value{{"name", text(*info, "name")}, {"externally_shared", shared}};
  co_return Result<json>{boost::system::in_place_value, std::move(value)};
}

}  // namespace ringi::slack
