#include "handlers/catalog/catalog.hpp"

#include "handlers/pipeline/chores.hpp"
#include "tests/unit/handlers/fakes/house.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace ringi::catalog {
namespace {

using fakes::hanako;
using fakes::run;
using fakes::taro;

struct Hall : fakes::House {
  desk::Desk desk{gate, directory, ledger, deployments, jobs, accounts, slack, rules};
  desk::Inquiry inquiry{gate, resolver, client, deployments, slack, rules};
  desk::AccountMoves moves{gate, accounts, ledger, cards, slack, rules};
  Catalog catalog{
      {start, overview, decide, forms, apply, refresh, notice, reconcile, desk, inquiry, moves},
      slack,
      directory,
      deployments,
      rules,
      clock};

  Result<void> hears(const Command& command) { return run(catalog.dispatch(delivery(command))); }
  Command ringi(const std::string& text, const SlackUser& user = taro()) {
    auto command = typed(user, text);
    command.word = "ringi";
    return command;
  }
};

// action_ids of everything in a JSON text.
std::set<std::string> actions_in(const std::string& text) {
  std::set<std::string> found;
  const std::string key = "\"action_id\":\"";
  for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at + 1)) {
    const auto from = at + key.size();
    found.insert(action_of({.action = text.substr(from, text.find('"', from) - from)}));
  }
  return found;
}

bool has_click(const std::string& action) {
  return std::ranges::any_of(click_rows(),
                             [&](const ClickRow& row) { return row.action == action; });
}

TEST(Table, holds_every_button_that_any_message_bears) {
  std::set<std::string> actions;
  for (const auto comment :
       {access::Comment::never, access::Comment::reject, access::Comment::always}) {
    Hall hall;
    hall.environment("production").comment = comment;
    (void)hall.waiting();
    actions.merge(actions_in(message::json_text(hall.cards.shown.begin()->second)));
    auto late = hall.delivery(hall.typed(taro(), "list"));
    late.ask_first = true;
    ASSERT_TRUE(run(hall.catalog.dispatch(late)).has_value());
    for (const char* text : {"", "start web", "start web-prod/web", "pending", "list"}) {
      ASSERT_TRUE(hall.hears(hall.typed(taro(), text)).has_value()) << text;
    }
    for (const auto& [who, answer] : hall.slack.told)
      actions.merge(actions_in(message::json_text(answer)));
  }
  for (const char* expected :
       {"approval.approve", "approval.approve_form", "approval.reject", "approval.reject_now",
        "start.confirm", "start.choose", "request.confirm", "card.open"}) {
    EXPECT_TRUE(actions.contains(expected)) << expected;
  }
  for (const auto& action : actions) EXPECT_TRUE(has_click(action)) << action;
}

TEST(Table, holds_every_form_that_a_button_opens) {
  const std::set<std::string> openers{"approval.approve_form", "approval.reject", "card.changes"};
  for (const auto& row : click_rows()) {
    const auto view = Catalog::opens_form({.action = row.action});
    EXPECT_EQ(view.has_value(), openers.contains(row.action)) << row.action;
    if (!view || view->submit.empty()) continue;
    EXPECT_TRUE(std::ranges::any_of(
        form_rows(), [&](const FormRow& form) { return form.form == view->callback_id; }));
  }
}

TEST(Table, holds_every_chore) {
  namespace chore = pipeline::chore;
  for (const std::string kind :
       {chore::refresh, chore::look, chore::apply, chore::reconcile, chore::sweep, chore::region}) {
    EXPECT_TRUE(std::ranges::any_of(chore_rows(), [&](const ChoreRow& row) {
      return row.kind == kind;
    })) << kind;
  }
}

TEST(Reply, is_left_to_the_job_for_a_command_and_the_nearest_word_for_none) {
  Hall hall;
  EXPECT_EQ(hall.catalog.reply(hall.typed(taro(), "start web-prod/web")), "");
  EXPECT_NE(hall.catalog.reply(hall.typed(taro(), "strat web-prod/web")).find("/deploy start"),
            std::string::npos);
  for (const char* later : {"history a/b", "stop a/b", "retry a/b", "rollback a/b",
                            "freeze all 1h x", "freezes", "unfreeze 1"}) {
    EXPECT_NE(hall.catalog.reply(hall.typed(taro(), later)).find("not in this version"),
              std::string::npos)
        << later;
  }
  EXPECT_NE(hall.catalog.reply(hall.ringi("mute x")).find("not in this version"),
            std::string::npos);
  EXPECT_NE(hall.catalog.reply(hall.ringi("aws s3 ls")).find("not in this version"),
            std::string::npos);
  EXPECT_EQ(hall.catalog.reply(hall.ringi("deploy list")), "");
  EXPECT_EQ(hall.catalog.reply(hall.ringi("Deploy List")), "");  // as phones begin a line
  EXPECT_EQ(hall.catalog.reply(hall.ringi("Help")), "");
  EXPECT_EQ(hall.catalog.reply(hall.ringi("<!channel>")).find("<!channel"), std::string::npos);
}

TEST(Refuse, takes_no_form_without_a_reason) {
  auto form = fakes::House::sent(hanako(), "x", "  ");
  const auto errors = nlohmann::json::parse(Catalog::refuse(form).value());
  EXPECT_EQ(errors["response_action"], "errors");
  EXPECT_TRUE(errors["errors"].contains("reason"));
  form.fields["reason"] = "broken";
  EXPECT_FALSE(Catalog::refuse(form).has_value());
}

TEST(Dispatch, carries_a_start_and_its_approval_to_the_end) {
  Hall hall;
  ASSERT_TRUE(hall.hears(hall.ringi("deploy start web-prod/web")).has_value());
  const auto id = hall.deployments.asked.front().confirmation.id.str();
  ASSERT_TRUE(run(hall.catalog.dispatch(hall.delivery(hall.pressed(taro(), "start.confirm", id))))
                  .has_value());
  const auto approval = hall.deployments.rows.back().id.str();
  ASSERT_TRUE(
      run(hall.catalog.dispatch(hall.delivery(hall.pressed(taro(), "approval.approve", approval))))
          .has_value());
  EXPECT_EQ(hall.ledger.count("access.denied"), 1) << "four eyes";
  ASSERT_TRUE(run(hall.catalog.dispatch(
                      hall.delivery(hall.pressed(hanako(), "approval.approve", approval))))
                  .has_value());
  while (!hall.jobs.waiting.empty()) {
    const auto chore = hall.jobs.waiting.front().first;
    hall.jobs.waiting.erase(hall.jobs.waiting.begin());
    ASSERT_TRUE(run(hall.catalog.dispatch(hall.delivery(chore))).has_value());
  }
  EXPECT_EQ(hall.aws.decisions, 1);
  EXPECT_EQ(hall.ledger.entries.back().kind, "pipeline.finished");
  ASSERT_FALSE(hall.cards.lines.empty());
  EXPECT_NE(message::json_text(hall.cards.lines.back().second).find("is live in web-prod"),
            std::string::npos);
}

TEST(Dispatch, asks_first_what_slack_reported_as_failed_and_does_it_when_told) {
  Hall hall;
  auto late = hall.delivery(hall.typed(taro(), "start web-stg/web"));
  late.ask_first = true;
  ASSERT_TRUE(run(hall.catalog.dispatch(late)).has_value());
  EXPECT_TRUE(hall.aws.runs.empty());
  EXPECT_NE(hall.slack.last().find("/deploy start web-stg/web"), std::string::npos);
  const auto click = hall.pressed(taro(), "request.confirm", late.id.str());
  ASSERT_TRUE(run(hall.catalog.dispatch(hall.delivery(click))).has_value());
  EXPECT_EQ(hall.slack.replaced.front().find("Is it still wanted"), std::string::npos);
  EXPECT_NE(hall.slack.replaced.front().find("Going ahead"), std::string::npos);
  ASSERT_TRUE(run(hall.catalog.dispatch(hall.delivery(click))).has_value());
  EXPECT_EQ(hall.aws.runs.size(), 1U);
  EXPECT_NE(hall.slack.last().find("used before"), std::string::npos);
}

// Contract: where no copy is young enough and Slack cannot be asked, the answer is "try again" and
// nothing is done, then or later.
TEST(Dispatch, ends_with_try_again_what_slack_cannot_be_asked_about) {
  Hall hall;
  const auto id = hall.waiting().id.str();
  hall.directory.away = true;
  for (const Request& request :
       {Request{hall.pressed(hanako(), "approval.approve", id)},
        Request{hall.typed(taro(), "start web-stg/web")}, Request{hall.typed(taro(), "list")},
        Request{hall.ringi("whoami")}}) {
    const auto done = run(hall.catalog.dispatch(hall.delivery(request)));
    ASSERT_TRUE(done.has_error());
    EXPECT_FALSE(is_transient(done.error().code)) << "it would be done after all";
    EXPECT_NE(hall.slack.last().find("Nothing was done: Slack cannot be asked"), std::string::npos);
    EXPECT_NE(hall.slack.last().find("Try again."), std::string::npos);
    EXPECT_EQ(hall.slack.last().find("by itself"), std::string::npos);
  }
  EXPECT_EQ(hall.deployments.rows.back().state, ports::Approval::State::waiting);
  EXPECT_EQ(hall.aws.runs.size(), 1U);
}

TEST(Dispatch, tells_a_failure_once_while_it_is_repeated_and_once_at_the_end) {
  Hall hall;
  auto delivery = hall.delivery(hall.typed(taro(), "start web-stg/web"));
  hall.aws.failures["StartPipelineExecution"] = std::vector<Error>(
      3, fakes::FakeCodePipeline::fault(Errc::unavailable, "ServiceUnavailable"));
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_error());
  EXPECT_NE(hall.slack.last().find("will try again"), std::string::npos);
  EXPECT_NE(hall.slack.last().find("ServiceUnavailable"), std::string::npos);
  delivery.attempt = 2;
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_error());
  EXPECT_EQ(hall.slack.told.size(), 1U);
  delivery.last_attempt = true;
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_error());
  EXPECT_NE(hall.slack.last().find("not be tried again"), std::string::npos);
  EXPECT_NE(hall.slack.last().find(delivery.id.str().substr(20)), std::string::npos);
}

TEST(Dispatch, takes_nothing_in_a_channel_that_strangers_read) {
  Hall hall;
  const auto id = hall.waiting().id.str();
  hall.directory.shared = {*SlackChannel::parse("C0WEB")};
  ASSERT_TRUE(
      run(hall.catalog.dispatch(hall.delivery(hall.pressed(hanako(), "approval.approve", id))))
          .has_value());
  EXPECT_EQ(hall.deployments.rows.back().state, ports::Approval::State::waiting);
  hall.rules.held->external_channels = hall.directory.shared;
  ASSERT_TRUE(
      run(hall.catalog.dispatch(hall.delivery(hall.pressed(hanako(), "approval.approve", id))))
          .has_value());
  EXPECT_EQ(hall.deployments.rows.back().state, ports::Approval::State::decided);
}

TEST(Dispatch, answers_a_guest_who_asks_and_writes_a_guest_who_acts) {
  Hall hall;
  ASSERT_TRUE(hall.hears(hall.typed(fakes::guest(), "list")).has_value());
  EXPECT_NE(hall.slack.last().find("full members"), std::string::npos);
  ASSERT_TRUE(hall.hears(hall.typed(fakes::guest(), "start web-stg/web")).has_value());
  EXPECT_EQ(hall.ledger.count("access.denied"), 1);
}

// A mention has no acknowledgement; and a command that had none, because only a reload since then
// made its word unknown, must not end without a word.
TEST(Dispatch, answers_with_usage_whatever_no_acknowledgement_answered) {
  Hall hall;
  auto mention = hall.ringi("deploy strat");
  mention.mention = true;
  ASSERT_TRUE(hall.hears(mention).has_value());
  EXPECT_EQ(hall.slack.told.size(), 1U);
}

// A start of which AWS has not answered yet; its job will come again.
Delivery begun(Hall& hall) {
  auto delivery = hall.delivery(hall.typed(taro(), "start web-stg/web"));
  hall.aws.failures["StartPipelineExecution"] = {
      fakes::FakeCodePipeline::fault(Errc::unavailable, "ServiceUnavailable")};
  EXPECT_TRUE(run(hall.catalog.dispatch(delivery)).has_error());
  EXPECT_EQ(hall.ledger.count("pipeline.started", "intended"), 1);
  EXPECT_EQ(hall.ledger.count("pipeline.started", "failed"), 0) << "it will be tried again";
  ++delivery.attempt;
  delivery.begun_before = true;
  return delivery;
}

void expect_closed(const Hall& hall) {
  ASSERT_EQ(hall.ledger.count("pipeline.started", "failed"), 1);
  const auto closing = std::ranges::find(hall.ledger.entries, "failed", &ports::Entry::phase);
  EXPECT_EQ(closing->of, 1);
  EXPECT_TRUE(hall.aws.runs.empty());
}

TEST(Intended, start_that_a_changed_rule_forbids_by_now_is_closed_as_failed) {
  Hall hall;
  const auto delivery = begun(hall);
  hall.rules.held->statements.clear();
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_value());
  EXPECT_EQ(hall.ledger.count("access.denied"), 1);
  expect_closed(hall);
}

TEST(Dispatch, leaves_a_button_good_that_is_to_be_pressed_again) {
  Hall hall;
  ASSERT_TRUE(hall.hears(hall.typed(taro(), "start web-prod/web")).has_value());
  const auto press = [&] {
    const auto id = hall.deployments.asked.front().confirmation.id.str();
    return run(hall.catalog.dispatch(hall.delivery(hall.pressed(taro(), "start.confirm", id))));
  };
  hall.rules.held->external_channels = {*SlackChannel::parse("C0WEB")};  // nothing to ask about it
  hall.directory.away = true;
  ASSERT_TRUE(press().has_error());
  EXPECT_TRUE(hall.aws.runs.empty());
  hall.directory.away = false;
  ASSERT_TRUE(press().has_value());
  EXPECT_EQ(hall.aws.runs.size(), 1U);
}

void expire(Hall& hall, const Delivery& delivery) {
  run([&]() -> Task<bool> {
    co_await hall.catalog.expired(delivery);
    co_return true;
  }());
}

void cut_off(Hall& hall, const Delivery& delivery) {
  run([&]() -> Task<bool> {
    co_await hall.catalog.cut_off(delivery);
    co_return true;
  }());
}

TEST(Intended, start_that_became_too_old_is_closed_as_failed) {
  Hall hall;
  expire(hall, begun(hall));
  expect_closed(hall);
  EXPECT_NE(hall.slack.last().find("not known whether"), std::string::npos);
  EXPECT_EQ(hall.slack.last().find("Not done"), std::string::npos) << "AWS may have begun it";
}

TEST(Intended, start_that_was_done_is_not_said_to_be_undone_when_it_is_old) {
  Hall hall;
  auto delivery = hall.delivery(hall.typed(taro(), "start web-stg/web"));
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_value());
  expire(hall, delivery);
  EXPECT_NE(hall.slack.last().find("Done, but said late"), std::string::npos);
  EXPECT_EQ(hall.aws.runs.size(), 1U);
}

TEST(Intended, start_is_carried_on_while_slack_cannot_be_asked) {
  Hall hall;
  auto delivery = begun(hall);
  const auto told = hall.slack.told.size();
  hall.directory.away = true;
  const auto done = run(hall.catalog.dispatch(delivery));
  ASSERT_TRUE(done.has_error());
  EXPECT_TRUE(is_transient(done.error().code)) << "AWS may have begun it";
  EXPECT_EQ(hall.slack.told.size(), told);
  hall.directory.away = false;
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_value());
  EXPECT_EQ(hall.ledger.count("pipeline.started", "done"), 1);
  EXPECT_EQ(hall.ledger.count("pipeline.started", "failed"), 0);
}

TEST(Intended, decision_that_the_ledger_holds_is_never_said_to_be_undone) {
  Hall hall;
  const auto id = hall.waiting().id.str();
  const auto delivery = hall.delivery(hall.pressed(hanako(), "approval.approve", id));
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_value());
  expire(hall, delivery);
  EXPECT_NE(hall.slack.last().find("Recorded as"), std::string::npos);
  auto cut = delivery;
  cut.last_attempt = true;
  cut_off(hall, cut);
  EXPECT_NE(hall.slack.last().find("Done, and in the ledger"), std::string::npos);
}

TEST(Intended, decision_that_became_too_old_is_said_at_once_though_its_answer_fails) {
  Hall hall;
  const auto id = hall.waiting().id.str();
  const auto delivery = hall.delivery(hall.pressed(hanako(), "approval.approve", id));
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_value());
  hall.slack.told.clear();
  hall.slack.deaf = 1;
  expire(hall, delivery);  // nothing of it comes again
  EXPECT_NE(hall.slack.last().find("Done, and in the ledger"), std::string::npos);
}

TEST(Intended, decision_whose_answer_reaches_nobody_is_told_by_the_next_attempt_and_no_lie_before) {
  Hall hall;
  const auto id = hall.waiting().id.str();
  auto delivery = hall.delivery(hall.pressed(hanako(), "approval.approve", id));
  hall.slack.deaf = 1;
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_error());
  EXPECT_TRUE(hall.slack.told.empty()) << "it is decided: not 'Not done yet'";
  ASSERT_TRUE(run(hall.apply.run(hall.delivery(Chore{}), *OpaqueId::parse(id))).has_value());
  delivery.attempt = 2;
  delivery.begun_before = true;
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_value());
  EXPECT_NE(hall.slack.last().find("Recorded as"), std::string::npos) << "and applied meanwhile";
  EXPECT_NE(hall.slack.last().find("AWS has it"), std::string::npos);
}

TEST(Form, that_stands_open_is_filled_without_a_question_or_a_word) {
  Hall hall;
  auto click = hall.pressed(hanako(), "approval.reject", hall.waiting().id.str());
  click.view_id = "V1";
  auto delivery = hall.delivery(click);
  delivery.ask_first = true;
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_value());
  ASSERT_EQ(hall.slack.filled.size(), 1U);
  expire(hall, delivery);
  EXPECT_TRUE(hall.slack.told.empty());
}

TEST(CutOff, attempt_is_told_and_closes_what_it_began_when_it_was_the_last) {
  Hall hall;
  auto delivery = begun(hall);
  delivery.last_attempt = true;
  cut_off(hall, delivery);
  expect_closed(hall);
  EXPECT_NE(hall.slack.last().find("not known whether"), std::string::npos);
  EXPECT_NE(hall.slack.last().find("not done with it in time"), std::string::npos);
}

TEST(Intended, start_whose_last_attempt_does_not_even_reach_aws_is_closed_as_failed) {
  Hall hall;
  auto delivery = begun(hall);
  delivery.last_attempt = true;
  hall.directory.away = true;
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_error());
  expect_closed(hall);
  EXPECT_NE(hall.slack.last().find("not known whether"), std::string::npos);
}

TEST(Intended, start_is_not_called_undone_while_the_ledger_cannot_be_read) {
  Hall hall;
  auto delivery = begun(hall);
  delivery.last_attempt = true;
  hall.ledger.unread = 99;
  cut_off(hall, delivery);
  EXPECT_NE(hall.slack.last().find("not known whether"), std::string::npos);
  EXPECT_EQ(hall.slack.last().find("Not done"), std::string::npos) << "AWS may have begun it";
}

TEST(Intended, start_is_not_left_unanswered_while_neither_the_ledger_nor_slack_can_be_asked) {
  Hall hall;
  auto delivery = begun(hall);
  delivery.last_attempt = true;
  hall.ledger.unread = 99;
  hall.directory.away = true;
  const auto said = hall.slack.last();
  EXPECT_TRUE(run(hall.catalog.dispatch(delivery)).has_error());
  EXPECT_NE(hall.slack.last(), said);
  EXPECT_NE(hall.slack.last().find("not known whether"), std::string::npos);
}

TEST(Intended, start_that_closing_it_finds_done_is_said_to_be_done) {
  Hall hall;
  auto delivery = hall.delivery(hall.typed(taro(), "start web-stg/web"));
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_value());
  delivery.last_attempt = true;
  hall.ledger.unread = 1;
  cut_off(hall, delivery);
  EXPECT_NE(hall.slack.last().find("Done, and in the ledger"), std::string::npos);
}

TEST(Intended, decision_that_cannot_be_read_is_not_called_undone_because_no_start_was_begun) {
  Hall hall;
  const auto id = hall.waiting().id.str();
  auto delivery = hall.delivery(hall.pressed(hanako(), "approval.approve", id));
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_value());
  delivery.last_attempt = true;
  hall.ledger.unread = 1;
  cut_off(hall, delivery);
  EXPECT_NE(hall.slack.last().find("not known whether"), std::string::npos);
}

TEST(Intended, start_of_another_click_on_the_same_button_stays_open) {
  Hall hall;
  ASSERT_TRUE(hall.hears(hall.typed(taro(), "start web-prod/web")).has_value());
  const auto id = hall.deployments.asked.front().confirmation.id.str();
  hall.aws.failures["StartPipelineExecution"] = {
      fakes::FakeCodePipeline::fault(Errc::unavailable, "ServiceUnavailable")};
  const auto first = hall.delivery(hall.pressed(taro(), "start.confirm", id));
  ASSERT_TRUE(run(hall.catalog.dispatch(first)).has_error());
  auto second = hall.delivery(hall.pressed(taro(), "start.confirm", id));
  second.attempt = 2;
  second.begun_before = true;
  ASSERT_TRUE(run(hall.catalog.dispatch(second)).has_value());
  EXPECT_EQ(hall.ledger.count("pipeline.started", "failed"), 0);
  ASSERT_TRUE(run(hall.catalog.dispatch(first)).has_value());
  EXPECT_EQ(hall.ledger.count("pipeline.started", "done"), 1);
}

// Killed after its question was shown: the command comes again while its button is at work.
TEST(Intended, start_of_its_own_button_stays_open_when_the_command_is_carried_on) {
  Hall hall;
  auto command = hall.delivery(hall.typed(taro(), "start web-prod/web"));
  ASSERT_TRUE(run(hall.catalog.dispatch(command)).has_value());
  const auto id = hall.deployments.asked.front().confirmation.id.str();
  hall.aws.failures["StartPipelineExecution"] = {
      fakes::FakeCodePipeline::fault(Errc::unavailable, "ServiceUnavailable")};
  const auto click = hall.delivery(hall.pressed(taro(), "start.confirm", id));
  ASSERT_TRUE(run(hall.catalog.dispatch(click)).has_error());
  ASSERT_EQ(hall.ledger.count("pipeline.started", "intended"), 1);
  ++command.attempt;
  command.begun_before = true;
  ASSERT_TRUE(run(hall.catalog.dispatch(command)).has_value());
  EXPECT_EQ(hall.ledger.count("pipeline.started", "failed"), 0);
  ASSERT_TRUE(run(hall.catalog.dispatch(click)).has_value());
  EXPECT_EQ(hall.ledger.count("pipeline.started", "done"), 1);
}

TEST(Dispatch, tells_the_person_of_a_fault_of_our_own) {
  Hall hall;
  hall.aws.while_it_answers = [] { throw std::runtime_error{"xoxb-secret"}; };
  const auto delivery = hall.delivery(hall.typed(taro(), "start web-stg/web"));
  ASSERT_TRUE(run(hall.catalog.dispatch(delivery)).has_error());
  EXPECT_NE(hall.slack.last().find(short_id(delivery.id)), std::string::npos);
  EXPECT_EQ(hall.slack.last().find("xoxb"), std::string::npos);
}

TEST(Dispatch, does_not_repeat_a_secret_variable_when_it_asks_first) {
  Hall hall;
  auto late = hall.delivery(hall.typed(taro(), "start web-stg/web api_token=hush COLOUR=blue"));
  late.ask_first = true;
  ASSERT_TRUE(run(hall.catalog.dispatch(late)).has_value());
  EXPECT_EQ(hall.slack.last().find("hush"), std::string::npos);
  EXPECT_NE(hall.slack.last().find("COLOUR=blue"), std::string::npos);
}

TEST(Dispatch, of_an_unknown_button_or_a_broken_chore_is_an_error) {
  Hall hall;
  EXPECT_TRUE(
      run(hall.catalog.dispatch(hall.delivery(hall.pressed(taro(), "nonsense", "")))).has_error());
  EXPECT_TRUE(run(hall.catalog.dispatch(hall.delivery(Chore{"execution.refresh", "x", "not json"})))
                  .has_error());
  EXPECT_TRUE(run(hall.catalog.dispatch(hall.delivery(Chore{"nonsense", "x", "{}"}))).has_error());
}

}  // namespace
}  // namespace ringi::catalog
