#pragma once

#include "handlers/access/rules.hpp"
#include "server/cli/configuration.hpp"

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace ringi::cli {

struct PolicyOptions {
  std::string config;
  std::string user, action, target;
};

struct GroupCopy {
  std::optional<std::vector<SlackUser>> members;  // nullopt: the store has no copy
  Time as_of;
};

struct PersonCopy {
  std::optional<bool> full_member;  // nullopt: the store has no copy
  Time as_of;
};

// What the store remembers of Slack and AWS: the command line asks neither.
class Remembered {
 public:
  virtual ~Remembered() = default;
  virtual GroupCopy group(const std::string& handle) = 0;  // without "@"
  virtual PersonCopy person(const SlackUser& user) = 0;
  // Those in force, as the server that ran last knew the organization.
  virtual std::vector<access::Account> accounts(const config::Config& config) = 0;
};

// `ringi policy explain`: exit 0 where it is allowed, 1 where not.
int run_policy_explain(const PolicyOptions& options, const Surroundings& surroundings,
                       Remembered& copies, std::ostream& out, std::ostream& err);
int run_policy_who(const PolicyOptions& options, const Surroundings& surroundings,
                   Remembered& copies, std::ostream& out, std::ostream& err);
int run_policy_show(const PolicyOptions& options, const Surroundings& surroundings,
                    Remembered& copies, std::ostream& out, std::ostream& err);

}  // namespace ringi::cli
