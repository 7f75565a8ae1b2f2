#pragma once

#include "handlers/access/rules.hpp"
#include "server/config/problem.hpp"
#include "server/config/reference.hpp"

#include <optional>
#include <string>
#include <vector>

// Accounts and who may do what in them, each row with the place where it stands.
namespace ringi::config {

struct Realm {
  std::string name;
  std::vector<std::string> environments;
  std::string base_role;  // ARN, or "": the base credentials
  Place place;
};

struct Account {
  access::Account facts;  // what is empty is not said: tags and [organization] say it
  std::optional<Reference> external_id;
  Place place;
  std::string key;  // "accounts[0]"
};

struct Team {
  access::Team facts;
  Place place;
};

struct Environment {
  access::Environment facts;  // `production` and `realm` are filled in from [realms]
  std::vector<access::Who> start, read, approve;
  Place place;
};

struct Policy {
  access::Statement statement;
  Place place;
};

}  // namespace ringi::config
