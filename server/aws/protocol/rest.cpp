#include "server/aws/protocol/rest.hpp"

#include "server/aws/protocol/percent.hpp"
#include "server/aws/protocol/scalar.hpp"
#include "server/crypto/base64.hpp"
#include "server/net/transport.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>
#include <vector>

namespace ringi::aws {

using nlohmann::json;

namespace {

const json* given(const json& input, std::string_view name) {
  const auto found = input.find(name);
  return found == input.end() || found->is_null() ? nullptr : &*found;
}

const Member* label_named(const Shape& shape, std::string_view name) {
  const auto found = std::ranges::find_if(shape.members, [&](const Member& member) {
    return member.location == Location::uri && member.on_wire() == name;
  });
  return found == shape.members.end() ? nullptr : &*found;
}

// "." and ".." are taken out of a path on its way, and would name another thing.
bool leaves_its_place(std::string_view text) {
  while (!text.empty()) {
    const auto segment = text.substr(0, text.find('/'));
    if (segment == "." || segment == "..") return true;
    text.remove_prefix(std::min(segment.size() + 1, text.size()));
  }
  return false;
}

Result<std::string> label_text(const Model& model, const Operation& operation,
                               std::string_view name, const json& input) {
  const bool greedy = name.ends_with('+');
  if (greedy) name.remove_suffix(1);
  const auto* member = operation.input ? label_named(*operation.input, name) : nullptr;
  const auto* value = member ? given(input, member->name) : nullptr;
  const auto text = value ? scalar_text(*member, *value, TimeFormat::iso8601) : std::string{};
  if (text.empty())
    return error(Errc::invalid, std::string{member ? member->name : name} + " must not be empty.");
  const bool as_it_is = greedy && model.name == "s3";  // a key: S3 takes a path literally
  if (!as_it_is && leaves_its_place(text))
    return error(Errc::invalid, std::string{member->name} + " must not hold . or .. as a name.");
  return greedy ? percent_encode_path(text) : percent_encode(text);
}

// "/a/{Label}/{Path+}" with its labels filled in.
Result<std::string> fill(const Model& model, const Operation& operation, std::string_view pattern,
                         const json& input) {
  std::string out;
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    out += pattern.substr(0, open);
    if (open == pattern.npos) break;
    const auto close = pattern.find('}', open);
    const auto text =
        label_text(model, operation, pattern.substr(open + 1, close - open - 1), input);
    if (text.has_error()) return text.error();
    out += *text;
    pattern.remove_prefix(close + 1);
  }
  return out;
}

class Query {
 public:
  void add(std::string_view name, std::string_view value) {
    text_ += (text_.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
  }
  void constant(std::string_view text) { text_ += text; }

  void add_member(const Member& member, const json& value) {
    if (member.kind == Kind::list) {
      for (const auto& item : value)
        add(member.on_wire(),
            scalar_text(member.shape->members.front(), item, TimeFormat::iso8601));
    } else {
      add(member.on_wire(), scalar_text(member, value, TimeFormat::iso8601));
    }
  }

  // A map gives names of its own, but none that a member bears.
  void add_map(const Member& map, const json& value, const std::set<std::string_view>& taken) {
    for (const auto& [name, item] : value.items()) {
      if (taken.contains(name)) continue;
      const auto& member = map.shape->members.back();
      const auto all = item.is_array() ? item : json::array({item});
      const auto& scalar = item.is_array() ? member.shape->members.front() : member;
      for (const auto& one : all) add(name, scalar_text(scalar, one, TimeFormat::iso8601));
    }
  }

  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

std::string query_of(const Operation& operation, const json& input, std::string_view constant) {
  Query query;
  query.constant(constant);
  if (operation.input == nullptr) return std::move(query).text();
  std::set<std::string_view> taken;
  const auto each = [&](bool maps, auto add) {
    for (const auto& member : operation.input->members) {
      if (member.location != Location::query || (member.kind == Kind::map) != maps) continue;
      if (const auto* value = given(input, member.name)) add(member, *value);
    }
  };
  each(false, [&](const Member& member, const json& value) {
    taken.insert(member.on_wire());
    query.add_member(member, value);
  });
  each(true, [&](const Member& member, const json& value) { query.add_map(member, value, taken); });
  return std::move(query).text();
}

// An item of a list that holds a comma or a quote stands in quotes.
std::string quoted(const std::string& item) {
  if (item.find_first_of(",\"") == item.npos) return item;
  std::string out = "\"";
  for (const char c : item) out += c == '"' ? "\\\"" : std::string{c};
  return out + "\"";
}

std::string header_text(const Member& member, const json& value) {
  if (member.json_value) return crypto::to_base64(scalar_text(member, value, TimeFormat::rfc822));
  if (member.kind != Kind::list) return scalar_text(member, value, TimeFormat::rfc822);
  const auto& item = member.shape->members.front();
  std::string text;
  for (const auto& one : value) {
    const auto plain = scalar_text(item, one, TimeFormat::rfc822);
    text += (text.empty() ? "" : ", ") + (item.kind == Kind::string ? quoted(plain) : plain);
  }
  return text;
}

void add_headers(const Operation& operation, const json& input, WireRequest& request) {
  if (operation.input == nullptr) return;
  for (const auto& member : operation.input->members) {
    const auto* value = given(input, member.name);
    if (value == nullptr) continue;
    const std::string name{member.on_wire()};
    if (member.location == Location::header) {
      request.headers.emplace_back(name, header_text(member, *value));
    } else if (member.location == Location::headers) {
      for (const auto& [rest, item] : value->items())
        request.headers.emplace_back(name + rest, item.get<std::string>());
    }
  }
}

bool same_but_case(std::string_view a, std::string_view b) {
  const auto lower = [](unsigned char c) { return std::tolower(c); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// "a, "b,c", d" as its items; a date has a comma of its own.
std::vector<std::string> items_of(std::string_view text, bool dates) {
  std::vector<std::string> items;
  std::string item;
  bool inside = false, was_quoted = false;
  int commas = 0;
  const auto end_item = [&] {
    if (!was_quoted) {
      item.erase(0, item.find_first_not_of(' '));
      item.erase(item.find_last_not_of(' ') + 1);
    }
    items.push_back(std::exchange(item, {}));
    was_quoted = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside && c == '\\' && i + 1 < text.size()) {
      item += text[++i];
    } else if (c == '"') {
      if (!inside) item.clear();
      inside = !inside;
      was_quoted = true;
    } else if (c == ',' && !inside && !(dates && ++commas % 2 == 1)) {
      end_item();
    } else if (!was_quoted || inside) {
      item += c;
    }
  }
  end_item();
  return items;
}

json header_value(const Member& member, std::string_view text) {
  if (member.json_value) return crypto::from_base64(text).value_or(std::string{text});
  if (member.kind != Kind::list) return scalar_value(member.kind, std::string{text});
  const auto& item = member.shape->members.front();
  const bool dates =
      item.kind == Kind::timestamp && format_of(item, TimeFormat::rfc822) == TimeFormat::rfc822;
  json out = json::array();
  for (const auto& one : items_of(text, dates)) out.push_back(scalar_value(item.kind, one));
  return out;
}

json prefixed_headers(const Member& member, const net::Answer& answer) {
  json out = json::object();
  const auto prefix = member.wire_name;
  for (const auto& [name, value] : answer.headers) {
    if (name.size() < prefix.size() || !same_but_case(name.substr(0, prefix.size()), prefix))
      continue;
    out[name.substr(prefix.size())] = value;
  }
  return out;
}

}  // namespace

Result<WireRequest> bind_rest(const Model& model, const Operation& operation, const json& input) {
  WireRequest request;
  request.method = operation.method;
  const auto mark = operation.uri.find('?');
  auto path = fill(model, operation, operation.uri.substr(0, mark), input);
  if (path.has_error()) return path.error();
  request.path = *std::move(path);
  request.query =
      query_of(operation, input, mark == operation.uri.npos ? "" : operation.uri.substr(mark + 1));
  add_headers(operation, input, request);
  return request;
}

void read_rest(const Shape& output, const net::Answer& answer, json& out) {
  for (const auto& member : output.members) {
    const std::string key{member.name};
    if (member.location == Location::status) {
      out[key] = answer.status;
    } else if (member.location == Location::headers) {
      out[key] = prefixed_headers(member, answer);
    } else if (member.location == Location::header) {
      const auto found = std::ranges::find_if(answer.headers, [&](const auto& header) {
        return same_but_case(header.first, member.on_wire());
      });
      if (found != answer.headers.end()) out[key] = header_value(member, found->second);
    }
  }
}

}  // namespace ringi::aws
