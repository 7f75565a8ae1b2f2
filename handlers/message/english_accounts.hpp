#pragma once

#include "handlers/message/english.hpp"

#include <map>
#include <utility>

namespace ringi::message::english {

// Accounts that came, went, or are another's now. A place without an environment is unclassified.
struct AccountNews {
  using Were = std::map<std::string, std::string>;  // "team_before" -> "web"
  std::vector<Place> added, removed;
  std::vector<std::pair<Place, Were>> changed;
};
Text account_news(const AccountNews& news);

// A move that would take down a wall.
struct Move {
  Place place;     // in force; its environment is what it would leave
  std::string to;  // "": none
};
Message move_asks(const Move& move, Button agree);
Message move_agreed(const Move& move, const SlackUser& by);
Message move_dropped(const Move& move);
Button agree_button(const Move& move, const OpaqueId& id);
Message cannot_operate(std::string_view rule, const Text& who);
Message move_waits_no_more();
Message moved_before();
Message moved(const Move& move);

Text accounts_line(std::size_t all, std::size_t unclassified, bool discover,
                   std::optional<Time> as_of, std::size_t moves);

// Two accounts bear the name: which ids are meant.
Message which_account(std::string_view name, const std::vector<std::string>& ids);

}  // namespace ringi::message::english
