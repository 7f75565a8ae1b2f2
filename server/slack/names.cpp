#include "server/slack/names.hpp"

#include "server/slack/methods.hpp"
#include "server/store/copies.hpp"

#include <algorithm>
#include <optional>

namespace ringi::slack {
namespace {

// Everything of one sort, channels or groups, while it is resolved.
template <class Id>
struct Sort {
  const char* kind;  // of the pins
  char mark;         // '#' or '@'
  std::optional<std::map<std::string, Id>>
      in_slack;  // by name without the mark; nullopt: not asked
  std::map<std::string, Id>* resolved;
};

std::string bare(const std::string& name) {
  return name.starts_with('#') || name.starts_with('@') ? name.substr(1) : name;
}

template <class Id>
bool is_alive(const std::map<std::string, Id>& in_slack, const Id& id) {
  return std::ranges::any_of(in_slack, [&](const auto& row) { return row.second == id; });
}

// REQUIRES: what is referred to outlives the call; an awaited child.
template <class Id>
Task<Result<void>> resolve_one(store::Copies& copies, const Sort<Id>& sort, std::string name,
                               ResolvedNames& result) {
  const auto pin = co_await copies.get(sort.kind, name);
  if (pin.has_error()) co_return pin.error();
  const auto pinned = *pin ? Id::parse((*pin)->value) : std::nullopt;
  const auto shown = sort.mark + bare(name);
  std::optional<Id> current;
  if (sort.in_slack) {
    const auto found = sort.in_slack->find(bare(name));
    if (found != sort.in_slack->end()) current = found->second;
  }
  const bool pin_holds = pinned && (!sort.in_slack || is_alive(*sort.in_slack, *pinned));
  const auto id = pin_holds ? pinned : current;
  if (!id) {
    result.unresolved.push_back(shown);
    if (!pinned) co_return Result<void>{};
    const auto dropped = co_await copies.drop(sort.kind, name);
    co_return dropped;
  }
  sort.resolved->insert_or_assign(name, *id);
  if (pin_holds && sort.in_slack && current != pinned) result.moved.push_back(shown);
  if (pin_holds) co_return Result<void>{};
  const auto put = co_await copies.put(sort.kind, name, id->str());
  co_return put;
}

template <class Id>
Task<Result<void>> resolve_all(store::Copies& copies, Sort<Id> sort, std::set<std::string> names,
                               ResolvedNames& result) {
  for (const auto& name : names) {
    if (const auto id = Id::parse(name); id && sort.mark == '#') {
      sort.resolved->insert_or_assign(name, *id);
      continue;
    }
    const auto one = co_await resolve_one(copies, sort, name, result);
    if (one.has_error()) co_return one;
  }
  co_return Result<void>{};
}

bool needs_slack(const std::set<std::string>& channels) {
  return std::ranges::any_of(channels, [](const auto& name) { return !SlackChannel::parse(name); });
}

template <class Id>
std::optional<std::map<std::string, Id>> known(Result<std::map<std::string, Id>> listed,
                                               ResolvedNames& result) {
  if (listed.has_value()) return std::move(*listed);
  result.unasked.push_back(listed.error().log.text);
  return std::nullopt;
}

Task<Result<ResolvedNames>> resolve(store::Copies& copies, ConfiguredNames names,
                                    ResolvedNames result,
                                    std::optional<std::map<std::string, SlackChannel>> channels,
                                    std::optional<std::map<std::string, SlackGroup>> groups) {
  Sort<SlackChannel> by_channel{"channel-name", '#', std::move(channels), &result.channels};
  const auto first =
      co_await resolve_all(copies, std::move(by_channel), std::move(names.channels), result);
  if (first.has_error()) co_return first.error();
  for (const auto& handle : names.own_groups) {
    if (groups && groups->contains(handle)) result.clashing.push_back("@" + handle);
  }
  Sort<SlackGroup> by_group{"group-handle", '@', std::move(groups), &result.groups};
  const auto second =
      co_await resolve_all(copies, std::move(by_group), std::move(names.groups), result);
  if (second.has_error()) co_return second.error();
  co_return result;
}

}  // namespace

Task<Result<ResolvedNames>> resolve_names(WebApi& api, store::Copies& copies,
                                          ConfiguredNames names) {
  ResolvedNames result;
  std::optional<std::map<std::string, SlackChannel>> channels;
  std::optional<std::map<std::string, SlackGroup>> groups;
  if (needs_slack(names.channels)) {
    auto listed = co_await list_channels(api);
    channels = known(std::move(listed), result);
  }
  if (!names.groups.empty() || !names.own_groups.empty()) {
    auto listed = co_await list_groups(api);
    groups = known(std::move(listed), result);
  }
  auto resolved = co_await resolve(copies, std::move(names), std::move(result), std::move(channels),
                                   std::move(groups));
  co_return resolved;
}

Task<Result<ResolvedNames>> pinned_names(store::Copies& copies, ConfiguredNames names) {
  auto resolved = co_await resolve(copies, std::move(names), {}, std::nullopt, std::nullopt);
  co_return resolved;
}

}  // namespace ringi::slack
