#include "server/slack/form.hpp"

#include <gtest/gtest.h>

namespace ringi::slack {
namespace {

TEST(ParseForm, DecodesPlusPercentAndUtf8) {
  const auto form = parse_form("text=caf%C3%A9+%E2%9c%93%20x&command=%2Fops&empty=&a%26b=1%3D2=3");
  ASSERT_TRUE(form.has_value());
  EXPECT_EQ(form->at("text"), "café ✓ x");
  EXPECT_EQ(form->at("command"), "/ops");
  EXPECT_EQ(form->at("empty"), "");
  EXPECT_EQ(form->at("a&b"), "1=2=3");
  EXPECT_TRUE(parse_form("").has_value());
}

struct Bad {
  const char* name;
  std::string body;
};
void PrintTo(const Bad& bad, std::ostream* out) {
  *out << bad.name;
}

std::string fields(int count) {
  std::string body;
  for (int i = 0; i < count; ++i) body += (i ? "&f" : "f") + std::to_string(i) + "=1";
  return body;
}

class BadForm : public testing::TestWithParam<Bad> {};

TEST_P(BadForm, IsNone) {
  EXPECT_FALSE(parse_form(GetParam().body).has_value());
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadForm,
    testing::Values(Bad{"NoEquals", "a"}, Bad{"NoName", "=1"}, Bad{"EmptyPair", "a=1&&b=2"},
                    Bad{"LeadingAmpersand", "&a=1"}, Bad{"PercentAlone", "a=%"},
                    Bad{"PercentCut", "a=%4"}, Bad{"PercentNoHex", "a=%g0"},
                    Bad{"PercentSigned", "a=%+4"}, Bad{"TwiceTheSame", "a=1&a=1"},
                    Bad{"TwiceOtherwiseWritten", "a=1&%61=2"}, Bad{"Nul", "a=%00"},
                    Bad{"RawNul", std::string("a=\0", 3)}, Bad{"Overlong", "a=%C0%AF"},
                    Bad{"Overlong3", "a=%E0%80%AF"}, Bad{"Overlong4", "a=%F0%80%80%AF"},
                    Bad{"Surrogate", "a=%ED%A0%80"}, Bad{"TooHigh", "a=%F4%90%80%80"},
                    Bad{"FiveBytes", "a=%F8%88%80%80%80"}, Bad{"CutCharacter", "a=%E2%9C"},
                    Bad{"LoneContinuation", "a=%9C"}, Bad{"RawLatin1", "a=\xe9"},
                    Bad{"BadName", "%ff=1"}, Bad{"TooManyFields", fields(101)}),
    [](const auto& row) { return row.param.name; });

TEST(ParseForm, TakesAHundredFields) {
  EXPECT_EQ(parse_form(fields(100))->size(), 100u);
}

TEST(IsUtf8Text, KnowsTheEdgesOfEachLength) {
  for (const auto* text :
       {"", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8_text(text));
  }
}

}  // namespace
}  // namespace ringi::slack
