#include "server/aws/protocol/paging.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace ringi::aws {

using nlohmann::json;

namespace {

const json nothing;

std::string_view take(std::string_view& text, std::string_view end) {
  const auto at = text.find(end);
  const auto taken = text.substr(0, at);
  text.remove_prefix(at == text.npos ? text.size() : at + end.size());
  return taken;
}

// "StreamDescription.Shards[-1].ShardId": names, and the last of a list.
const json& value_at(const json& output, std::string_view path) {
  const json* value = &output;
  while (!path.empty()) {
    auto name = take(path, ".");
    const bool last = name.ends_with("[-1]");
    if (last) name.remove_suffix(4);
    const auto found = value->is_object() ? value->find(name) : value->end();
    if (!value->is_object() || found == value->end()) return nothing;
    value = &*found;
    if (!last) continue;
    if (!value->is_array() || value->empty()) return nothing;
    value = &value->back();
  }
  return *value;
}

bool is_empty(const json& token) {
  return token.is_null() || token == "" || token == false ||
         (token.is_structured() && token.empty());
}

// "NextMarker||Contents[-1].Key": the first that is there.
const json& token_at(const json& output, std::string_view paths) {
  while (!paths.empty()) {
    const auto& token = value_at(output, take(paths, "||"));
    if (!is_empty(token)) return token;
  }
  return nothing;
}

// nullptr: something that is no structure stands in the way.
json* place_at(json& output, std::string_view path) {
  json* value = &output;
  while (!path.empty()) {
    if (!value->is_null() && !value->is_object()) return nullptr;
    value = &(*value)[std::string{take(path, ".")}];
  }
  return value;
}

void append(json& all, const json& more) {
  if (all.is_null()) {
    all = more;
  } else if (all.is_array() && more.is_array()) {
    all.insert(all.end(), more.begin(), more.end());
  } else if (all.is_object() && more.is_object()) {
    all.update(more);
  }
}

}  // namespace

Result<std::optional<json>> next_input(const Pages& pages, const json& input, const json& output) {
  if (!pages.more_results.empty() && value_at(output, pages.more_results) != true)
    return std::optional<json>{};
  auto next = input;
  bool any = false;
  for (std::size_t i = 0; i < pages.input_tokens.size(); ++i) {
    const std::string name{pages.input_tokens[i]};
    const auto& token =
        i < pages.output_tokens.size() ? token_at(output, pages.output_tokens[i]) : nothing;
    any = any || !is_empty(token);
    if (is_empty(token)) {
      next.erase(name);
    } else {
      next[name] = token;
    }
  }
  if (!any) return std::optional<json>{};
  if (next == input) return error(Errc::internal, "AWS gave the same page again.");
  return std::optional{std::move(next)};
}

void add_page(const Pages& pages, json& all, json page) {
  for (const auto path : pages.results) {
    const auto& more = value_at(page, path);
    auto* place = more.is_null() ? nullptr : place_at(all, path);
    if (place != nullptr) append(*place, more);
  }
}

std::size_t count_results(const Pages& pages, const json& output) {
  std::size_t count = 0;
  for (const auto path : pages.results) {
    const auto& results = value_at(output, path);
    if (results.is_structured()) count += results.size();
  }
  return count;
}

}  // namespace ringi::aws
