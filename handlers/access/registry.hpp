#pragma once

#include "handlers/access/rules.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// Which accounts there are: those of the configuration, and those that AWS Organizations lists.
namespace ringi::access {

// The keys of the tags that are read.
struct TagKeys {
  std::string team = "Team", environment = "Environment", channel = "SlackChannel";
  std::set<std::string> all() const { return {team, environment, channel}; }
};

// What [organization] says of its accounts.
struct Organization {
  TagKeys tags;
  std::map<std::string, std::vector<std::string>>
      environments;  // every one there is -> values of the tag that mean it: same_tag_value()
  std::string role;
  std::vector<Region> regions;
};

// An active account as AWS Organizations lists it; name and tags are whatever somebody wrote.
struct ListedAccount {
  AccountId id;
  std::string name;
  std::map<std::string, std::string> tags;
  friend bool operator==(const ListedAccount&, const ListedAccount&) = default;
};

// All of them, with those tags alone.
struct Listing {
  std::set<std::string> tags;  // keys
  std::vector<ListedAccount> accounts;
  friend bool operator==(const Listing&, const Listing&) = default;
};

// What [[accounts]] says (an empty member is not said), else the tags, else [organization]. The
// configured accounts first, then the others by name. A listed name that could not stand in a
// TARGET gets "-" for what does not fit; a value that no environment knows stays as it is.
std::vector<Account> registered(const std::vector<Account>& configured,
                                const std::vector<ListedAccount>& listed,
                                const Organization& organization);

// Upper and lower case of ASCII are one.
bool same_tag_value(std::string_view one, std::string_view other);

// Characters that no name has, as TARGETs, globs and lists of who need them.
inline constexpr std::string_view not_in_names = "@#/*?\"'`<>&,";

}  // namespace ringi::access
