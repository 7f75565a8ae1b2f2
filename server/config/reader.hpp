#pragma once

#include "server/config/value.hpp"

#include <functional>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ringi::config {

// One table, read key by key. What is wrong becomes a Problem and reading goes on, so that all is
// reported at once. finish() reports every key that nobody asked for.
// REQUIRES: the value and the problems outlive the reader.
class Reader {
 public:
  Reader(const Value& table, std::string path, std::string file, Problems& problems);

  // Absent: nullptr. The key counts as known from now on.
  const Value* find(std::string_view key);
  // As find, but a value of another kind is a problem and reads as absent.
  const Value* find(std::string_view key, Value::Kind kind);

  std::string text(std::string_view key, std::string fallback = {});
  std::string required_text(std::string_view key);  // "" after a problem
  bool boolean(std::string_view key, bool fallback);
  // Absent: nullopt.
  std::optional<std::vector<std::string>> texts(std::string_view key);

  // `parse` makes an optional<T> of a text; where it makes none, `expected` says what was awaited.
  template <class T>
  std::optional<T> parsed(std::string_view key, std::string_view expected,
                          std::optional<T> (*parse)(std::string_view)) {
    const Value* const value = find(key, Value::Kind::text);
    if (!value) return std::nullopt;
    auto made = parse(value->text);
    if (!made) expected_at(*value, path_of(key), expected);
    return made;
  }
  template <class T>
  T required(std::string_view key, std::string_view expected,
             std::optional<T> (*parse)(std::string_view)) {
    if (!require(key)) return T{};
    return parsed(key, expected, parse).value_or(T{});
  }
  template <class T>
  std::vector<T> all(std::string_view key, std::string_view expected,
                     std::optional<T> (*parse)(std::string_view)) {
    std::vector<T> made;
    each_text(key, [&](const Value& item, const std::string& path) {
      if (auto one = parse(item.text)) {
        made.push_back(*std::move(one));
      } else {
        expected_at(item, path, expected);
      }
    });
    return made;
  }

  void each_text(std::string_view key,
                 const std::function<void(const Value& item, const std::string& path)>& visit);
  // The tables of [[key]], each read and finished.
  void each_row(std::string_view key, const std::function<void(Reader& row)>& visit);
  // The tables of [key.NAME], each read and finished.
  void each_named(std::string_view key,
                  const std::function<void(const std::string& name, Reader& table)>& visit);
  // [key] itself, read and finished; an absent one is read as empty, so that what it requires is
  // reported.
  void section(std::string_view key, const std::function<void(Reader& table)>& visit);

  bool require(std::string_view key);
  // Keys that a later version will know: an error now, never ignored.
  void refuse(std::initializer_list<std::string_view> keys);
  void finish();

  bool has(std::string_view key) const;
  std::vector<std::string> keys() const;
  void problem(std::string_view key, std::string what, std::string mend = {});
  void problem_at(const Value& value, std::string path, std::string what, std::string mend = {});
  void expected_at(const Value& value, std::string path, std::string_view expected);

  std::string path_of(std::string_view key) const;
  const std::string& path() const { return path_; }
  Place place(std::string_view key = {}) const;
  const Problems& problems() const { return problems_; }

 private:
  const Value& table_;
  std::string path_, file_;
  Problems& problems_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace ringi::config
