#include "server/store/ledger_filter.hpp"
#include "server/store/store_url.hpp"
#include "server/store/summary.hpp"
#include "server/store/worker.hpp"

#include <gtest/gtest.h>

namespace ringi::store {
namespace {

TEST(StoreUrl, TakesAFileAndAPostgresqlUrl) {
  EXPECT_EQ(parse_store_url("sqlite:/var/lib/ringi/ringi.db").value().path,
            "/var/lib/ringi/ringi.db");
  const auto url =
      parse_store_url("postgresql://ringi:p%27w@db.internal/ringi?connect_timeout=1").value();
  EXPECT_EQ(url.database, Database::postgresql);
  EXPECT_EQ(url.password, "p'w");
  EXPECT_NE(url.connect.find("password='p\\'w'"), std::string::npos);
  EXPECT_NE(url.connect.find("connect_timeout='1'"), std::string::npos);
  EXPECT_NE(url.connect.find("application_name='ringi'"), std::string::npos);
  EXPECT_NE(url.connect.find("target_session_attrs='primary'"), std::string::npos);
  const auto standby =
      parse_store_url("postgresql://db.internal/ringi?target_session_attrs=any").value();
  EXPECT_NE(standby.connect.find("target_session_attrs='any'"), std::string::npos);
}

TEST(StoreUrl, NeverRepeatsWhatItRefuses) {
  for (const char* bad : {"", "hunter2", "mysql://u:hunter2@h/d", "sqlite:", "sqlite:/a\"hunter2",
                          "postgresql://u:hunter2@[h/d", "postgresql://u:hunter2@h/d?hunter2=1"}) {
    const auto url = parse_store_url(bad);
    ASSERT_TRUE(url.has_error()) << bad;
    EXPECT_EQ(url.error().log.text.find("hunter2"), std::string::npos) << bad;
  }
}

TEST(ApprovalSummary, EndsWithTheEntrysNumber) {
  EXPECT_EQ(approval_summary("Approved by U1", 1042), "Approved by U1 (ringi #1042)");
}

TEST(ApprovalSummary, CutsThePrefixToFiveHundredAndTwelveUnits) {
  const auto ascii = approval_summary(std::string(600, 'a'), 7);
  EXPECT_TRUE(ascii.ends_with("aaa… (ringi #7)"));
  EXPECT_EQ(ascii.size(), 512u + 2u) << "the mark is one unit and three bytes";
  EXPECT_EQ(approval_summary(std::string(501, 'a'), 7), std::string(501, 'a') + " (ringi #7)");

  std::string japanese, emoji;
  for (int i = 0; i < 600; ++i) japanese += "稟";
  for (int i = 0; i < 300; ++i) emoji += "😀";
  EXPECT_EQ(approval_summary(japanese, 7).size(), 500u * 3 + 3 + 11);
  EXPECT_EQ(approval_summary(emoji, 7).size(), 250u * 4 + 3 + 11);
}

TEST(RetryDelay, DoublesUpToItsLimitAndIsSpread) {
  using namespace std::chrono_literals;
  const WorkerLimits limits;
  EXPECT_EQ(retry_delay(limits, 1, 0.0), 2s);
  EXPECT_EQ(retry_delay(limits, 2, 0.0), 4s);
  EXPECT_EQ(retry_delay(limits, 4, 0.5), 12s);
  EXPECT_EQ(retry_delay(limits, 60, 0.0), 5min);
  EXPECT_GE(retry_delay(limits, 1, 0.999), 1s);
}

TEST(LedgerFilter, TakesAWordForAKindOnlyWhereThereIsSuchAKind) {
  EXPECT_EQ(ledger_filter({"approval.decided"}, {}).where.find("kind LIKE") != std::string::npos,
            true);
  for (const std::string word : {"taro", "web", "web-prod", "ringi"}) {
    const auto filter = ledger_filter({word}, {});
    EXPECT_NE(filter.where.find("json LIKE"), std::string::npos) << word;
    EXPECT_EQ(filter.parameters, std::vector<std::string>{"%" + word + "%"});
  }
}

}  // namespace
}  // namespace ringi::store
