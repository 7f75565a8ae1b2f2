#include "handlers/desk/account_moves.hpp"

#include "tests/unit/handlers/fakes/ports.hpp"

namespace ringi::desk {
namespace {

using fakes::run;

const OpaqueId move = *OpaqueId::parse("01JD0000000000000000000077");

struct Office {
  fakes::FakeRules rules;
  fakes::FakeLedger ledger;
  fakes::FakeAccounts accounts{ledger, rules};
  fakes::FakeCards cards;
  fakes::FakeSlack slack;
  fakes::FakeDirectory directory;
  permission::Gate gate{directory};
  AccountMoves moves{gate, accounts, ledger, cards, slack, rules};
  SlackUser kate = *SlackUser::parse("U0KATE"), other = *SlackUser::parse("U0OTHER");

  Office() {
    auto& held = *rules.held;
    held.operators_channel = "#ops";
    held.channel_ids["#ops"] = *SlackChannel::parse("C0OPS");
    held.environments["production"] = {
        .name = "production", .production = true, .realm = "production"};
    held.environments["staging"] = {.name = "staging", .realm = "nonproduction"};
    held.statements = {
        {.id = "operators", .actions = {access::Action::operate}, .who = {access::Who{kate}}}};
    accounts.rows = {{.id = *AccountId::parse("222233334444"),
                      .name = "web",
                      .environment = "production",
                      .wall = "production",
                      .realm = "production",
                      .production = true,
                      .move = move,
                      .to = "staging"}};
  }
  MoveCard card(MoveState state) const { return card_of(accounts.rows.at(0), state); }
  Result<void> press(const SlackUser& user) {
    Click click{.caller = {*SlackTeam::parse("T0001"), user, "somebody"},
                .via = {*SlackChannel::parse("C0OPS"), {}, {}, {}},
                .action = "account.move",
                .value = move.str()};
    return run(
        moves.agreed({.id = *OpaqueId::parse("01JD0000000000000000000001")}, std::move(click)));
  }
  std::string shown() const {
    const auto found = cards.shown.find("account-move:" + move.str());
    return found == cards.shown.end() ? "" : message::json_text(found->second);
  }
};

TEST(AccountMove, asks_in_the_operators_channel_and_says_what_stays) {
  Office office;
  ASSERT_TRUE(run(office.moves.show(office.card(MoveState::asks))).has_value());
  for (const char* part : {"web (2222-3333-4444)", "PRODUCTION", "staging", "Move to staging",
                           "stay in force until an operator agrees"}) {
    EXPECT_NE(office.shown().find(part), std::string::npos) << part << office.shown();
  }
  EXPECT_EQ(office.cards.channels.begin()->second.str(), "C0OPS");
}

TEST(AccountMove, waits_for_the_channel_to_be_known) {
  Office office;
  office.rules.held->channel_ids.clear();
  const auto shown = run(office.moves.show(office.card(MoveState::asks)));
  ASSERT_TRUE(shown.has_error());
  EXPECT_TRUE(is_transient(shown.error().code));
}

TEST(AccountMove, is_an_operators_alone) {
  Office office;
  ASSERT_TRUE(office.press(office.other).has_value());
  EXPECT_EQ(office.accounts.rows[0].environment, "production");
  ASSERT_EQ(office.ledger.count("access.denied"), 1);
  EXPECT_EQ(office.ledger.entries[0].details.at("wanted"), "operate");
  EXPECT_NE(office.slack.last().find("U0KATE"), std::string::npos) << "who can";
}

TEST(AccountMove, reads_who_is_an_operator_fresh) {
  Office office;
  ASSERT_TRUE(office.press(office.kate).has_value());
  EXPECT_LE(office.directory.youngest, permission::fresh);
}

TEST(AccountMove, is_recorded_with_who_agreed) {
  Office office;
  ASSERT_TRUE(office.press(office.kate).has_value());
  EXPECT_EQ(office.accounts.rows[0].environment, "staging");
  ASSERT_EQ(office.ledger.count("account.changed"), 1);
  const auto& entry = office.ledger.entries[0];
  EXPECT_EQ(entry.actor->user, office.kate);
  EXPECT_EQ(entry.target->environment, "staging");
  EXPECT_EQ(entry.details.at("environment_before"), "production");
  EXPECT_EQ(entry.because, std::vector<std::string>{"operators"});
}

TEST(AccountMove, is_made_once) {
  Office office;
  ASSERT_TRUE(office.press(office.kate).has_value());
  ASSERT_TRUE(office.press(office.kate).has_value());
  EXPECT_EQ(office.ledger.count("account.changed"), 1);
  EXPECT_NE(office.slack.last().find("agreed to and recorded"), std::string::npos)
      << "never called undone, whoever asks again";
}

TEST(AccountMove, that_is_void_changes_nothing) {
  Office office;
  office.accounts.rows[0].move = {};
  ASSERT_TRUE(office.press(office.kate).has_value());
  EXPECT_EQ(office.ledger.count("account.changed"), 0);
  EXPECT_NE(office.slack.last().find("waits no more"), std::string::npos);
}

TEST(AccountMove, is_decided_by_nobody_while_slack_is_away) {
  Office office;
  office.directory.away = true;
  const auto pressed = office.press(office.kate);
  ASSERT_TRUE(pressed.has_error());
  EXPECT_EQ(pressed.error().code, Errc::ask_again);
  EXPECT_EQ(office.accounts.rows[0].environment, "production");
}

TEST(AccountMove, card_that_is_settled_is_not_asked_over) {
  Office office;
  const auto asks = office.card(MoveState::asks);
  auto agreed = office.card(MoveState::agreed);
  agreed.by = office.kate;
  ASSERT_TRUE(office.press(office.kate).has_value());
  ASSERT_TRUE(run(office.moves.show(agreed)).has_value());
  ASSERT_TRUE(run(office.moves.show(asks)).has_value()) << "an old chore, tried again";
  EXPECT_NE(office.shown().find("<@U0KATE>"), std::string::npos) << office.shown();
  EXPECT_EQ(office.shown().find("account.move\""), std::string::npos) << "no button any more";
}

TEST(AccountMove, card_survives_its_chore) {
  Office office;
  for (const auto state : {MoveState::asks, MoveState::agreed, MoveState::dropped}) {
    auto card = office.card(state);
    card.by = office.kate;
    const auto read = move_card_of(chore_of(card));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->state, state);
    EXPECT_EQ(read->move, move);
    EXPECT_EQ(read->to, "staging");
    EXPECT_EQ(read->by, office.kate);
  }
  EXPECT_FALSE(move_card_of({"account.move", "", "not json"}).has_value());
  EXPECT_FALSE(move_card_of({"account.move", "", R"({"move":7})"}).has_value());
}

access::AccountChange added(int number) {
  auto digits = std::to_string(number);
  const auto id = *AccountId::parse(std::string(12 - digits.size(), '0') + digits);
  return {std::nullopt, {.id = id, .name = "account-" + digits, .environment = "staging"}};
}

TEST(AccountNews, are_one_line_that_stays_short) {
  Office office;
  std::vector<access::AccountChange> changes;
  for (int i = 0; i < 120; ++i) changes.push_back(added(i));
  const auto news = news_of(changes, office.rules.held->environments);
  ASSERT_TRUE(news.has_value());
  EXPECT_NE(news->mrkdwn().find("account-0 (0000-0000-0000), staging"), std::string::npos);
  EXPECT_NE(news->mrkdwn().find("and 110 more"), std::string::npos) << news->mrkdwn();
}

TEST(AccountNews, say_what_was_before) {
  Office office;
  auto before = office.accounts.rows[0];
  auto after = before;
  after.team = "pay";
  after.environment = "";
  const access::AccountChange change{before, after};
  const auto news = news_of({change}, office.rules.held->environments);
  ASSERT_TRUE(news.has_value());
  for (const char* part : {"environment was production", "team was none", "no environment"})
    EXPECT_NE(news->mrkdwn().find(part), std::string::npos) << part << news->mrkdwn();
  const auto entry = entry_of(change);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->kind, "account.changed");
  EXPECT_EQ(entry->details.at("team"), "pay");
  EXPECT_FALSE(news_of({{before, before}}, office.rules.held->environments).has_value());
}

}  // namespace
}  // namespace ringi::desk
