#include "server/ledger/canonical.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace ringi::ledger {
namespace {

using nlohmann::json;

// The largest integer that every JSON reader keeps exactly (RFC 7493 section 2.2).
constexpr std::int64_t max_exact = (std::int64_t{1} << 53) - 1;

// Thrown inside this file only: a recursion that returns text reads better than one of Results.
struct NotCanonical {
  std::string why;
};

void write(const json& value, std::string& out);

void write_object(const json& object, std::string& out) {
  std::vector<json::const_iterator> members;
  for (auto it = object.begin(); it != object.end(); ++it) members.push_back(it);
  std::ranges::sort(members,
                    [](const auto& a, const auto& b) { return utf16_less(a.key(), b.key()); });
  out += '{';
  for (const auto& member : members) {
    if (member != members.front()) out += ',';
    write(json(member.key()), out);
    out += ':';
    write(member.value(), out);
  }
  out += '}';
}

void write_array(const json& array, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i > 0) out += ',';
    write(array[i], out);
  }
  out += ']';
}

void write_integer(const json& value, std::string& out) {
  const bool fits =
      value.is_number_unsigned()
          ? std::cmp_less_equal(value.get<std::uint64_t>(), max_exact)
          : value.get<std::int64_t>() >= -max_exact && value.get<std::int64_t>() <= max_exact;
  if (!fits) throw NotCanonical{"an integer beyond 2^53 - 1"};
  out += value.dump();
}

void write(const json& value, std::string& out) {
  switch (value.type()) {
    case json::value_t::object:
      return write_object(value, out);
    case json::value_t::array:
      return write_array(value, out);
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
      return write_integer(value, out);
    case json::value_t::string:
    case json::value_t::boolean:
    case json::value_t::null:
      // nlohmann's strict writer escapes exactly what section 3.2.2.2 says, and throws on bad
      // UTF-8.
      out += value.dump();
      return;
    case json::value_t::number_float:
      throw NotCanonical{"a floating-point number"};
    case json::value_t::binary:
    case json::value_t::discarded:
      throw NotCanonical{"a value that is not JSON"};
  }
}

}  // namespace

bool utf16_less(std::string_view left, std::string_view right) {
  const auto [l, r] = std::ranges::mismatch(left, right);
  if (l == left.end() || r == right.end()) return l == left.end() && r != right.end();
  const auto a = static_cast<unsigned char>(*l);
  const auto b = static_cast<unsigned char>(*r);
  // UTF-8 sorts like code points. UTF-16 differs in one place: characters beyond U+FFFF (first byte
  // F0 and up) are surrogates there, which sort before U+E000..U+FFFF (first byte EE or EF).
  const bool a_beyond = a >= 0xf0;
  const bool b_beyond = b >= 0xf0;
  if (a_beyond == b_beyond) return a < b;
  return a_beyond ? b >= 0xee : a < 0xee;
}

Result<std::string> canonical(const json& value) {
  try {
    std::string out;
    write(value, out);
    return out;
  } catch (const NotCanonical& refused) {
    return error(Errc::invalid, "canonical JSON cannot hold " + refused.why);
  } catch (const json::type_error&) {
    return error(Errc::invalid, "canonical JSON cannot hold text that is not UTF-8");
  }
}

std::string well_formed(std::string_view text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::ranges::all_of(text, is_ascii)) return std::string{text};
  return json::parse(json(text).dump(-1, ' ', false, json::error_handler_t::replace))
      .get<std::string>();
}

}  // namespace ringi::ledger
