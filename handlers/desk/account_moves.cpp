#include "handlers/desk/account_moves.hpp"

#include "handlers/access/explain.hpp"
#include "handlers/desk/denied.hpp"
#include "handlers/message/english_accounts.hpp"
#include "handlers/message/english_decision.hpp"

#include <utility>

namespace ringi::desk {
namespace {

namespace english = message::english;

english::Move move_of(const access::Rules& rules, const MoveCard& card) {
  const auto environment = rules.environments.find(card.from);
  const bool production = environment != rules.environments.end() && environment->second.production;
  return {.place = {.account_name = card.name,
                    .account = card.account,
                    .environment = card.from,
                    .production = production},
          .to = card.to};
}

message::Message message_of(const english::Move& move, const MoveCard& card) {
  switch (card.state) {
    case MoveState::agreed:
      return english::move_agreed(move, card.by);
    case MoveState::dropped:
      return english::move_dropped(move);
    case MoveState::asks:
      break;
  }
  return english::move_asks(move, english::agree_button(move, card.move));
}

SlackChannel operators(const access::Rules& rules) {
  const auto found = rules.channel_ids.find(rules.operators_channel);
  return found == rules.channel_ids.end() ? SlackChannel{} : found->second;
}

message::Text who_text(const std::vector<access::Who>& who) {
  std::vector<message::Text> terms;
  for (const auto& one : who) terms.push_back(message::code(access::to_text(one)));
  return message::join(terms, ", ");
}

}  // namespace

// A card that asks is not drawn over one that says more: the question may be an old one.
Task<Result<void>> AccountMoves::show(MoveCard card) {
  const auto rules = rules_.rules();
  auto channel = operators(*rules);
  if (channel.empty())
    co_return error(Errc::unavailable, "The operators' channel is not known yet.");
  if (card.state == MoveState::asks) {
    auto waits = co_await accounts_.waiting(card.move);
    if (waits.has_error()) co_return waits.error();
    if (!*waits) co_return Result<void>{};
  }
  auto message = message_of(move_of(*rules, card), card);
  auto shown = co_await cards_.show("account-move:" + card.move.str(), std::move(channel),
                                    std::move(message), ports::Cards::Priority::failure);
  co_return shown;
}

Task<Result<void>> AccountMoves::refuse(Delivery delivery, Click click, access::Question question,
                                        access::Decision decision) {
  auto entry = denied(delivery, click.caller, click.via, "operate", decision);
  auto written = co_await ledger_.append(std::move(entry));
  if (written.has_error()) co_return written.error();
  auto who = who_text(access::who_may(*rules_.rules(), question));
  auto told =
      co_await slack_.tell(click.caller, click.via, english::cannot_operate(decision.reason, who));
  co_return told;
}

Task<Result<void>> AccountMoves::agreed(Delivery delivery, Click click) {
  const auto rules = rules_.rules();
  access::Question question{.action = access::Action::operate, .channel = click.via.channel};
  auto decision = co_await gate_.may(rules, click.caller.user, question, permission::fresh);
  if (decision.has_error()) co_return decision.error();
  if (!decision->allowed) {
    auto refused = co_await refuse(std::move(delivery), std::move(click), std::move(question),
                                   std::move(decision).value());
    co_return refused;
  }
  auto answer = co_await carried_out(*rules, delivery, click, decision->because());
  if (answer.has_error()) co_return answer.error();
  auto told = co_await slack_.tell(click.caller, click.via, std::move(answer).value());
  co_return told;
}

Task<Result<message::Message>> AccountMoves::carried_out(const access::Rules& rules,
                                                         const Delivery& delivery,
                                                         const Click& click,
                                                         std::vector<std::string> because) {
  const auto move = OpaqueId::parse(click.value);
  if (!move) co_return english::unknown_button();
  auto account = co_await accounts_.waiting(*move);
  if (account.has_error()) co_return account.error();
  if (!*account) {
    // This delivery itself may have done it, and be tried again for its answer.
    auto agreed_before = co_await ledger_.known(once_of_move(*move));
    if (agreed_before.has_error()) co_return agreed_before.error();
    co_return *agreed_before ? english::moved_before() : english::move_waits_no_more();
  }
  auto entry = entry_of_move(**account);
  entry.actor = click.caller;
  entry.because = std::move(because);
  entry.via = click.via;
  entry.request = delivery.id.str();
  auto done = co_await accounts_.agree(*move, std::move(entry));
  if (done.has_error()) co_return done.error();
  if (!*done) co_return english::move_waits_no_more();
  co_return english::moved(move_of(rules, card_of(**account, MoveState::agreed)));
}

}  // namespace ringi::desk
