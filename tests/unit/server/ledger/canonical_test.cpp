#include "server/ledger/canonical.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdint>

namespace ringi::ledger {
namespace {

using nlohmann::json;

std::string canonical_of(std::string_view text) {
  return canonical(json::parse(text)).value();
}

TEST(Canonical, sorts_names_by_utf16_code_units_as_the_example_of_rfc_8785_section_3_2_3) {
  const std::string sorted = canonical_of(R"({
    "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis"})");
  EXPECT_EQ(sorted,
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
            "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
            "\"\U0001F600\":\"Emoji: Grinning Face\","
            "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST(Canonical, escapes_strings_as_the_example_of_rfc_8785_section_3_2_2) {
  EXPECT_EQ(
      canonical_of(R"({"literals": [null, true, false],
                             "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"})"),
      "{\"literals\":[null,true,false],\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  EXPECT_EQ(canonical_of(R"("\b\t\n\f\r\u007f\u001f")"), "\"\\b\\t\\n\\f\\r\x7f\\u001f\"");
}

TEST(Canonical, is_the_same_for_its_own_output) {
  const std::string once = canonical_of(R"({"b":[{"z":1,"a":-2}],"a":{},"A":[]})");
  EXPECT_EQ(once, R"({"A":[],"a":{},"b":[{"a":-2,"z":1}]})");
  EXPECT_EQ(canonical_of(once), once);
}

TEST(Canonical, refuses_what_it_cannot_hold_exactly) {
  struct Case {
    const char* name;
    json value;
  };
  const Case cases[] = {
      {"a double", 1.5},
      {"a double that looks whole", 1.0},
      {"2^53", std::int64_t{1} << 53},
      {"-2^53", -(std::int64_t{1} << 53)},
      {"the least integer", std::numeric_limits<std::int64_t>::min()},
      {"an unsigned beyond", std::numeric_limits<std::uint64_t>::max()},
      {"broken UTF-8", "\xff"},
      {"half a surrogate in UTF-8", "\xed\xa0\x80"},
      {"broken UTF-8 in a name", {{"\xc3(", 1}}},
  };
  for (const Case& it : cases) {
    const auto result = canonical(json::array({it.value}));
    ASSERT_TRUE(result.has_error()) << it.name;
    EXPECT_EQ(result.error().code, Errc::invalid) << it.name;
  }
  EXPECT_EQ(canonical((std::int64_t{1} << 53) - 1).value(), "9007199254740991");
}

TEST(Canonical, broken_text_is_mended_with_the_replacement_character) {
  EXPECT_EQ(well_formed("plain"), "plain");
  EXPECT_EQ(well_formed("承認"), "承認");
  EXPECT_EQ(well_formed("a\xff b"), "a\xef\xbf\xbd b");
  EXPECT_TRUE(canonical(json(well_formed("\xed\xa0\x80"))).has_value());
}

}  // namespace
}  // namespace ringi::ledger
