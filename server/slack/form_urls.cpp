#include "server/slack/form_urls.hpp"

#include "server/runtime/single_flight.hpp"

#include <algorithm>

namespace ringi::slack {
namespace {

constexpr const char* kind = "click-url";
constexpr std::size_t kept_in_memory = 256;
constexpr Duration patience = std::chrono::milliseconds{500};  // of the 3 s that Slack gives

using Copy = std::optional<store::Copy>;
using Newest = std::deque<std::pair<OpaqueId, ResponseUrl>>;

Newest::const_iterator find_in(const Newest& newest, const OpaqueId& id) {
  return std::ranges::find(newest, id, &Newest::value_type::first);
}

// A loss shows when the form is sent: then the answer goes by direct message.
Task<> put(store::Copies& copies, OpaqueId id, ResponseUrl url) {
  co_await copies.put(kind, id.str(), url.reveal());
}

Task<> drop(store::Copies& copies, OpaqueId id) {
  co_await copies.drop(kind, id.str());
}

}  // namespace

FormUrls::FormUrls(ports::Ids& ids, store::Copies& copies, runtime::TaskGroup& beside)
    : ids_(ids), copies_(copies), beside_(beside) {}

OpaqueId FormUrls::remember(const ResponseUrl& url) {
  if (url.empty()) return {};
  auto id = ids_.next();
  if (newest_.size() == kept_in_memory) newest_.pop_front();
  newest_.emplace_back(id, url);
  beside_.spawn("keep the response_url of a form", put(copies_, id, url));
  return id;
}

Task<ResponseUrl> FormUrls::find(OpaqueId id) {
  if (id.empty()) co_return ResponseUrl{};
  const auto known = find_in(newest_, id);
  if (known != newest_.end()) co_return known->second;
  // A read of the store cannot be cut off, so it runs beside: `||` would wait for its end.
  const auto look_up = std::make_shared<runtime::Flight<Copy>>();
  beside_.spawn("find the response_url of a form",
                runtime::fly(look_up, copies_.get(kind, id.str())));
  const auto found = co_await runtime::Flight<Copy>::wait(look_up, patience);
  if (!found || found->has_error() || !found->value()) co_return ResponseUrl{};
  co_return ResponseUrl{found->value()->value};
}

void FormUrls::forget(const OpaqueId& id) {
  if (id.empty()) return;
  const auto known = find_in(newest_, id);
  if (known != newest_.end()) newest_.erase(known);
  beside_.spawn("forget the response_url of a form", drop(copies_, id));
}

}  // namespace ringi::slack
