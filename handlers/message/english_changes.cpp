#include "handlers/message/english_card.hpp"

#include <algorithm>

namespace ringi::message::english {
namespace {

Text revision(const Source& source) {
  const Text id = link(source.url, plain(short_revision(source.id)));
  return source.summary.empty() ? id : id + "  " + plain(source.summary, 300);
}

const Source* same_source(const std::vector<Source>& before, const Source& now) {
  const auto found = std::ranges::find(before, now.name, &Source::name);
  if (found != before.end()) return &*found;
  return before.size() == 1 ? &before.front() : nullptr;  // the only one, under another name
}

Text changed(const Source& now, const std::vector<Source>& before, const Text& when) {
  Text lines = bold(plain(now.name, 100)) + "\nnow   " + revision(now);
  const auto* old = same_source(before, now);
  if (old == nullptr) return lines;
  if (old->id == now.id) return lines + "\nthe same as deployed last" + when;
  return lines + "\nlast   " + revision(*old) + when;
}

View changes_view(const Text& line) {
  View view;
  view.callback_id = "card.changes";
  view.title = "What changed";
  view.close = "Close";
  view.blocks.emplace_back(Section{line});
  return view;
}

}  // namespace

View changes_form() {
  return changes_view("ringi asks AWS. If nothing follows, close this and press again.");
}

View changes_not_read(const Error& why) {
  return changes_view("Not read: " + what_failed(why) + ". Close this and press again.");
}

View what_changed(const Place& place, const std::vector<Source>& now,
                  const std::vector<Source>& before, std::optional<Time> before_at) {
  const Text when = before_at ? "  ·  " + date(*before_at) : Text{};
  auto view = changes_view("What changes with " + whole(place) + ":");
  for (const auto& source : now) view.blocks.emplace_back(Section{changed(source, before, when)});
  if (now.empty()) view.blocks.emplace_back(Section{"AWS knows no source revision of it yet."});
  if (before.empty()) {
    view.blocks.emplace_back(Context{{"No earlier execution that succeeded was found."}});
  }
  return view;
}

}  // namespace ringi::message::english
