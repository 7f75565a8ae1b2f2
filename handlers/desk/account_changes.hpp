#pragma once

#include "handlers/access/moves.hpp"
#include "handlers/message/text.hpp"
#include "handlers/ports/ledger.hpp"

#include <optional>
#include <vector>

// What becomes of a change among the accounts: its ledger entry, its chores, a line for operators.
namespace ringi::desk {

// nullopt: it is no news.
std::optional<ports::Entry> entry_of(const access::AccountChange& change);
// Of the move that waits, once an operator agrees; who and where is the caller's to add.
ports::Entry entry_of_move(const access::KnownAccount& account);
std::string once_of_move(const OpaqueId& move);  // of that entry

// One line about all of them; nullopt where nothing is news.
std::optional<message::Text> news_of(const std::vector<access::AccountChange>& changes,
                                     const access::Environments& environments);

// The card of a move: it asks, somebody agreed to it, or tags and configuration want it no more.
namespace chore {
inline constexpr const char* move = "account.move";
}
enum class MoveState { asks, agreed, dropped };
struct MoveCard {
  OpaqueId move;
  AccountId account;
  std::string name, from, to;
  MoveState state = MoveState::asks;
  SlackUser by = {};  // who agreed
};
MoveCard card_of(const access::KnownAccount& account, MoveState state);
Chore chore_of(const MoveCard& card);
std::optional<MoveCard> move_card_of(const Chore& chore);
std::vector<Chore> chores_of(const access::AccountChange& change);

}  // namespace ringi::desk
