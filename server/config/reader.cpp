#include "server/config/reader.hpp"

#include "handlers/access/nearest.hpp"

#include <utility>

namespace ringi::config {

Reader::Reader(const Value& table, std::string path, std::string file, Problems& problems)
    : table_(table), path_(std::move(path)), file_(std::move(file)), problems_(problems) {}

const Value* Reader::find(std::string_view key) {
  known_.emplace(key);
  const auto found = table_.entries.find(key);
  return found == table_.entries.end() ? nullptr : &found->second;
}

const Value* Reader::find(std::string_view key, Value::Kind kind) {
  const Value* const value = find(key);
  if (!value || value->kind == kind) return value;
  expected_at(*value, path_of(key), name_of(kind));
  return nullptr;
}

std::string Reader::text(std::string_view key, std::string fallback) {
  const Value* const value = find(key, Value::Kind::text);
  if (value) return value->text;
  return fallback;
}

std::string Reader::required_text(std::string_view key) {
  if (!require(key)) return {};
  const Value* const value = find(key, Value::Kind::text);
  if (!value) return {};
  if (value->text.empty()) problem(key, "must not be empty");
  return value->text;
}

bool Reader::boolean(std::string_view key, bool fallback) {
  const Value* const value = find(key, Value::Kind::boolean);
  return value ? value->boolean : fallback;
}

std::optional<std::vector<std::string>> Reader::texts(std::string_view key) {
  if (!has(key)) {
    find(key);
    return std::nullopt;
  }
  std::vector<std::string> texts;
  each_text(key, [&](const Value& item, const std::string&) { texts.push_back(item.text); });
  return texts;
}

void Reader::each_text(
    std::string_view key,
    const std::function<void(const Value& item, const std::string& path)>& visit) {
  const Value* const list = find(key, Value::Kind::array);
  if (!list) return;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const Value& item = list->items[i];
    const std::string path = path_of(key) + "[" + std::to_string(i) + "]";
    if (item.kind == Value::Kind::text) {
      visit(item, path);
    } else {
      expected_at(item, path, name_of(Value::Kind::text));
    }
  }
}

void Reader::each_row(std::string_view key, const std::function<void(Reader& row)>& visit) {
  const Value* const list = find(key, Value::Kind::array);
  if (!list) return;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const Value& item = list->items[i];
    const std::string path = path_of(key) + "[" + std::to_string(i) + "]";
    if (item.kind != Value::Kind::table) {
      expected_at(item, path, name_of(Value::Kind::table));
      continue;
    }
    Reader row{item, path, file_, problems_};
    visit(row);
    row.finish();
  }
}

void Reader::each_named(std::string_view key,
                        const std::function<void(const std::string& name, Reader& table)>& visit) {
  const Value* const tables = find(key, Value::Kind::table);
  if (!tables) return;
  for (const auto& [name, value] : tables->entries) {
    const std::string path = path_of(key) + "." + name;
    if (value.kind != Value::Kind::table) {
      expected_at(value, path, name_of(Value::Kind::table));
      continue;
    }
    Reader table{value, path, file_, problems_};
    visit(name, table);
    table.finish();
  }
}

void Reader::section(std::string_view key, const std::function<void(Reader& table)>& visit) {
  const Value* const found = find(key, Value::Kind::table);
  const Value absent{.line = table_.line};
  Reader table{found ? *found : absent, path_of(key), file_, problems_};
  visit(table);
  table.finish();
}

bool Reader::require(std::string_view key) {
  if (find(key)) return true;
  problem(key, "missing", "it is required");
  return false;
}

void Reader::refuse(std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (const Value* const value = find(key)) {
      problem_at(*value, path_of(key), std::string{key} + ": not in this version", "take it out");
    }
  }
}

void Reader::finish() {
  const std::vector<std::string> candidates{known_.begin(), known_.end()};
  for (const auto& [key, value] : table_.entries) {
    if (known_.contains(key)) continue;
    const auto meant = access::nearest(key, candidates);
    problem_at(value, path_of(key), "unknown key",
               meant ? "did you mean \"" + *meant + "\"?" : "take it out");
  }
}

bool Reader::has(std::string_view key) const {
  return table_.entries.contains(key);
}

std::vector<std::string> Reader::keys() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : table_.entries) names.push_back(name);
  return names;
}

void Reader::problem(std::string_view key, std::string what, std::string mend) {
  problems_.push_back({place(key), path_of(key), std::move(what), std::move(mend)});
}

void Reader::problem_at(const Value& value, std::string path, std::string what, std::string mend) {
  problems_.push_back({{file_, value.line}, std::move(path), std::move(what), std::move(mend)});
}

void Reader::expected_at(const Value& value, std::string path, std::string_view expected) {
  problem_at(value, std::move(path), "not what is expected here", "write " + std::string{expected});
}

std::string Reader::path_of(std::string_view key) const {
  if (key.empty()) return path_;
  return path_.empty() ? std::string{key} : path_ + "." + std::string{key};
}

Place Reader::place(std::string_view key) const {
  const auto found = table_.entries.find(key);
  return {file_, found == table_.entries.end() ? table_.line : found->second.line};
}

}  // namespace ringi::config
