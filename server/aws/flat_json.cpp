#include "server/aws/flat_json.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace ringi::aws {
namespace {

// Events of nlohmann's parser; a handler that returns false ends the parse.
class FlatReader {
 public:
  FlatJson flat;

  bool key(std::string& name) {
    if (depth_ != 1) return true;
    name_ = std::move(name);
    constexpr std::size_t most_names = 64;
    return seen_.size() < most_names && seen_.insert(name_).second;
  }
  bool string(std::string& text) {
    if (depth_ == 1) flat.strings.emplace(name_, std::move(text));
    return depth_ > 0;
  }
  bool null() {
    if (depth_ == 1) flat.nulls.insert(name_);
    return depth_ > 0;
  }
  bool start_object(std::size_t) { return open(depth_ == 0); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(false); }
  bool end_array() { return close(); }
  bool boolean(bool) { return other(); }
  bool number_integer(std::int64_t) { return other(); }
  bool number_unsigned(std::uint64_t) { return other(); }
  bool number_float(double, const std::string&) { return other(); }
  bool binary(nlohmann::json::binary_t&) { return false; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) {
    return false;
  }

 private:
  bool other() {
    if (depth_ == 1) flat.others.insert(name_);
    return depth_ > 0;
  }
  bool open(bool outermost) {
    if (depth_ == 1) flat.others.insert(name_);
    const bool allowed = outermost || depth_ > 0;
    ++depth_;
    return allowed;
  }
  bool close() {
    --depth_;
    return true;
  }

  std::size_t depth_ = 0;
  std::string name_;
  std::set<std::string> seen_;
};

}  // namespace

std::optional<FlatJson> parse_flat_json(std::string_view text) {
  FlatReader reader;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &reader)) return std::nullopt;
  return std::move(reader.flat);
}

}  // namespace ringi::aws
