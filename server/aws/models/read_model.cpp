#include "server/aws/models/model.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace ringi::aws {
namespace {

using Words = std::string_view;  // what is left of a line

constexpr std::array<std::pair<std::string_view, Kind>, 10> kinds{{{"structure", Kind::structure},
                                                                   {"list", Kind::list},
                                                                   {"map", Kind::map},
                                                                   {"string", Kind::string},
                                                                   {"integer", Kind::integer},
                                                                   {"float", Kind::floating},
                                                                   {"boolean", Kind::boolean},
                                                                   {"timestamp", Kind::timestamp},
                                                                   {"blob", Kind::blob},
                                                                   {"document", Kind::document}}};
constexpr std::array<std::pair<std::string_view, Protocol>, 5> protocols{
    {{"json", Protocol::json},
     {"rest-json", Protocol::rest_json},
     {"rest-xml", Protocol::rest_xml},
     {"query", Protocol::query},
     {"ec2", Protocol::ec2}}};
constexpr std::array<std::pair<std::string_view, Location>, 5> locations{
    {{"uri", Location::uri},
     {"querystring", Location::query},
     {"header", Location::header},
     {"headers", Location::headers},
     {"statusCode", Location::status}}};
constexpr std::array<std::pair<std::string_view, TimeFormat>, 3> time_formats{
    {{"iso8601", TimeFormat::iso8601},
     {"rfc822", TimeFormat::rfc822},
     {"unixTimestamp", TimeFormat::epoch}}};

// False: not one of them.
template <class Table, class Value>
bool look_up(const Table& table, std::string_view word, Value& value) {
  const auto found =
      std::ranges::find(table, word, [](const auto& row) -> std::string_view { return row.first; });
  if (found == table.end()) return false;
  value = found->second;
  return true;
}

std::string_view take_until(std::string_view& text, char end) {
  const auto at = text.find(end);
  const auto taken = text.substr(0, at);
  text.remove_prefix(at == text.npos ? text.size() : at + 1);
  return taken;
}

std::string_view word(Words& words) {
  return take_until(words, ' ');
}

// "name=api" -> "name", "api"; "flattened" -> "flattened", "".
std::pair<std::string_view, std::string_view> flag(Words& words) {
  auto value = word(words);
  const auto name = take_until(value, '=');
  return {name, value};
}

bool set_true(bool& fact) {
  fact = true;
  return true;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) parts.push_back(take_until(text, ','));
  return parts;
}

bool read_flag(Member& member, std::string_view name, std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, bool Member::*>, 6> marks{
      {{"required", &Member::required},
       {"payload", &Member::payload},
       {"jsonvalue", &Member::json_value},
       {"idempotencyToken", &Member::idempotency_token},
       {"xmlAttribute", &Member::xml_attribute},
       {"flattened", &Member::flattened}}};
  bool Member::*mark = nullptr;
  if (look_up(marks, name, mark)) return set_true(member.*mark);
  if (name == "in") return look_up(locations, value, member.location);
  if (name == "format") return look_up(time_formats, value, member.time_format);
  if (name == "name") member.wire_name = value;
  if (name == "query") member.query_name = value;
  if (name == "xmlns") member.xml_namespace = value;
  return name == "name" || name == "query" || name == "xmlns";
}

bool read_flag(Shape& shape, std::string_view name, std::string_view value) {
  if (name == "flattened") return set_true(shape.flattened);
  if (name == "union") return set_true(shape.is_union);
  shape.xml_namespace = value;
  return name == "xmlns";
}

bool read_flag(Operation& operation, std::string_view name, std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, std::string_view Operation::*>, 4> texts{
      {{"host", &Operation::host_prefix},
       {"root", &Operation::root},
       {"xmlns", &Operation::xml_namespace},
       {"wrapper", &Operation::wrapper}}};
  if (name == "unsigned") {
    operation.is_signed = false;
    return true;
  }
  std::string_view Operation::*text = nullptr;
  if (!look_up(texts, name, text)) return false;
  operation.*text = value;
  return true;
}

template <class Fact>
bool read_flags(Fact& fact, Words words) {
  while (!words.empty()) {
    const auto [name, value] = flag(words);
    if (!read_flag(fact, name, value)) return false;
  }
  return true;
}

Pages read_pages(Words words) {
  Pages pages;
  while (!words.empty()) {
    const auto [name, value] = flag(words);
    if (name == "input") pages.input_tokens = split(value);
    if (name == "output") pages.output_tokens = split(value);
    if (name == "result") pages.results = split(value);
    if (name == "more") pages.more_results = value;
  }
  return pages;
}

// One line after the other. A shape may be named before it is described, so names are resolved by
// the shapes' order, which is known first.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<Model> run() {
    name_shapes();
    for (auto rest = text_; !rest.empty();) {
      ++line_;
      if (!read_line(take_until(rest, '\n'))) return broken("line " + std::to_string(line_));
    }
    const bool whole = std::ranges::all_of(model_.shapes, is_whole);
    if (!whole) return broken("a list or a map");
    const bool sorted = std::ranges::is_sorted(model_.shapes, {}, &Shape::name) &&
                        std::ranges::is_sorted(model_.operations, {}, &Operation::name);
    if (!sorted) return broken("the order");
    return std::move(model_);
  }

 private:
  Error broken(const std::string& what) const {
    return error(Errc::internal, what + " of the facts about " + std::string{model_.name});
  }

  static bool is_whole(const Shape& shape) {
    if (shape.kind == Kind::structure) return true;
    return shape.members.size() == (shape.kind == Kind::list ? 1U : 2U);
  }

  static bool is_shape(std::string_view first) {
    return first == "structure" || first == "list" || first == "map";
  }

  void name_shapes() {
    for (auto rest = text_; !rest.empty();) {
      auto line = take_until(rest, '\n');
      Kind kind{};
      if (line.starts_with(' ') || !look_up(kinds, word(line), kind)) continue;
      auto& shape = model_.shapes.emplace_back();
      shape.kind = kind;
      shape.name = word(line);
    }
  }

  const Shape* shape_named(std::string_view name) const {
    const auto found = std::ranges::lower_bound(model_.shapes, name, {}, &Shape::name);
    return found == model_.shapes.end() || found->name != name ? nullptr : &*found;
  }

  bool read_line(Words line) {
    if (line.starts_with(' ')) return read_part(line.substr(1));
    const auto first = word(line);
    if (first == "operation") return read_operation(line);
    if (is_shape(first)) return read_shape(line);
    return read_fact(first, line);
  }

  bool read_fact(std::string_view name, std::string_view value) {
    static constexpr std::array<std::pair<std::string_view, std::string_view Model::*>, 8> texts{
        {{"service", &Model::name},
         {"id", &Model::id},
         {"json", &Model::json_version},
         {"target", &Model::target_prefix},
         {"api", &Model::api_version},
         {"endpoint", &Model::endpoint_prefix},
         {"signing", &Model::signing_name},
         {"xmlns", &Model::xml_namespace}}};
    if (name == "at") return read_place(value);
    if (name == "protocol") return look_up(protocols, value, model_.protocol);
    if (name == "query-codes") return set_true(model_.query_codes);
    std::string_view Model::*text = nullptr;
    if (!look_up(texts, name, text)) return false;
    model_.*text = value;
    return true;
  }

  bool read_place(Words words) {
    auto& place = model_.places.emplace_back();
    place.partition = word(words);
    place.host = word(words);
    place.signing_region = word(words);
    place.regions = split(words);
    return !place.signing_region.empty();
  }

  bool read_operation(Words words) {
    auto& operation = model_.operations.emplace_back();
    operation.name = word(words);
    operation.method = word(words);
    operation.uri = word(words);
    return read_side(word(words), operation.input) && read_side(word(words), operation.output) &&
           read_flags(operation, words);
  }

  bool read_side(std::string_view name, const Shape*& side) const {
    side = name == "-" ? nullptr : shape_named(name);
    return name == "-" || side != nullptr;
  }

  bool read_shape(Words words) {
    auto& shape = model_.shapes[next_shape_++];
    return word(words) == shape.name && read_flags(shape, words);
  }

  // An operation's pages before the first shape, a shape's member from then on.
  bool read_part(Words words) {
    if (next_shape_ > 0) return read_member(model_.shapes[next_shape_ - 1], words);
    if (model_.operations.empty() || word(words) != "pages") return false;
    model_.operations.back().pages = read_pages(words);
    return true;
  }

  bool read_member(Shape& shape, Words words) {
    Member member;
    member.name = word(words);
    const auto type = word(words);
    member.shape = shape_named(type);
    if (member.shape != nullptr) {
      member.kind = member.shape->kind;
    } else if (!look_up(kinds, type, member.kind)) {
      return false;
    }
    if (!read_flags(member, words)) return false;
    shape.members.push_back(member);
    return true;
  }

  std::string_view text_;
  Model model_;
  std::size_t line_ = 0;
  std::size_t next_shape_ = 0;
};

}  // namespace

Result<Model> read_model(std::string_view text) {
  return Reader{text}.run();
}

}  // namespace ringi::aws
