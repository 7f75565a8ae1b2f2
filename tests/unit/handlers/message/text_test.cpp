#include "handlers/message/text.hpp"

#include "handlers/message/unicode.hpp"

#include <gtest/gtest.h>

namespace ringi::message {
namespace {

struct Foreign {
  const char* name;
  std::string in, out;
};

class PlainText : public testing::TestWithParam<Foreign> {};

TEST_P(PlainText, formats_and_mentions_nothing) {
  EXPECT_EQ(plain(GetParam().in).mrkdwn(), GetParam().out);
}

INSTANTIATE_TEST_SUITE_P(
    Foreign, PlainText,
    testing::Values(Foreign{"channel_mention", "<!channel> hi", "&lt;!channel&gt; hi"},
                    Foreign{"ampersand_first", "a &lt; b", "a &amp;lt; b"},
                    Foreign{"bold", "*now*", "∗now∗"}, Foreign{"code", "`x`", "ˋxˋ"},
                    Foreign{"strike", "~x~", "∼x∼"},
                    Foreign{"italic_at_a_word's_edge", "_x_ a_b", "ˍxˍ a_b"},
                    Foreign{"line_breaks", "a\r\n b\tc", "a b c"},
                    Foreign{"line_separator",
                            "a\xE2\x80\xA8"
                            "b",
                            "a b"},
                    Foreign{"right_to_left_override",
                            "a\xE2\x80\xAE"
                            "b",
                            "ab"},
                    Foreign{"isolate",
                            "a\xE2\x81\xA6"
                            "b",
                            "ab"},
                    Foreign{"no_utf8",
                            "a\xFF"
                            "b",
                            "a�b"},
                    Foreign{"overlong_slash", "\xC0\xAF", "��"},
                    Foreign{"half_a_character", "a\xE3\x81", "a��"},
                    Foreign{"surrogate", "\xED\xA0\x80", "���"},
                    Foreign{"nul", std::string{"a\0b", 3}, "a b"}),
    [](const auto& info) {
      std::string name = info.param.name;
      std::erase(name, '\'');
      return name;
    });

TEST(Text, is_cut_with_a_visible_mark_and_counts_utf16) {
  EXPECT_EQ(plain("abcdef", 4).mrkdwn(), "abc…");
  EXPECT_EQ(plain("😀😀😀", 4).mrkdwn(), "😀…");
  EXPECT_EQ(plain("abcd", 4).mrkdwn(), "abcd");
  EXPECT_EQ(utf16_length("a😀本"), 4U);
}

TEST(Text, code_cannot_be_left_by_a_back_tick) {
  EXPECT_EQ(code("a`b *c* <d>").mrkdwn(), "`aˋb *c* &lt;d&gt;`");
  EXPECT_TRUE(code("").empty());
}

TEST(Text, link_takes_https_alone_and_encodes_what_would_end_it) {
  EXPECT_EQ(link("https://a.example/x|y>z&q", plain("a|b")).mrkdwn(),
            "<https://a.example/x%7Cy%3Ez&amp;q|a|b>");
  EXPECT_EQ(link("javascript:alert(1)", plain("x")).mrkdwn(), "x");
  EXPECT_EQ(link("http://a.example", plain("x")).mrkdwn(), "x");
}

TEST(Text, date_falls_back_to_utc) {
  const auto time = *parse_rfc3339("2025-10-09T09:53:20Z");
  EXPECT_EQ(date(time).mrkdwn(),
            "<!date^1760003600^{date_short_pretty} {time}|2025-10-09 09:53 UTC>");
}

TEST(Text, reads_in_one_line_without_formatting) {
  const Text text =
      bold("PRODUCTION") + " " + code("a<b") + " by " + user(*SlackUser::parse("U0123"));
  EXPECT_EQ(unformatted(text).mrkdwn(), "PRODUCTION a&lt;b by <@U0123>");
  EXPECT_EQ(unformatted(plain("&lt; <!channel>")).mrkdwn(), "&amp;lt; &lt;!channel&gt;");
  EXPECT_EQ(unformatted("a\n" + link("https://a.example", "b")).mrkdwn(), "a b");
}

}  // namespace
}  // namespace ringi::message
