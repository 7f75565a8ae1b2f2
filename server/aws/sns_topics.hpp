#pragma once

#include "handlers/types/id.hpp"

#include <set>
#include <string>
#include <vector>

namespace ringi::aws {

struct TopicArn;

// [aws.sns] topics. A valid signature proves only that SNS sent it for some topic, and anyone can
// own a topic: this list is the authentication.
class SnsTopics {
 public:
  // Replaces the list. Patterns are ARNs whose parts are globs; "{accounts}" as the account is any
  // of `accounts`. A glob in the account matches nothing, and one in the region only a region that
  // AWS is known to have or one of `regions`: an invented one would lead to a host of its own.
  void configure(const std::vector<std::string>& patterns, std::set<AccountId> accounts,
                 std::set<Region> regions);

  bool allow(const TopicArn& topic) const;

 private:
  struct Pattern {
    std::string partition, region, account, name;
  };
  bool matches(const Pattern& pattern, const TopicArn& topic) const;

  std::vector<Pattern> patterns_;
  std::set<AccountId> accounts_;
  std::set<Region> regions_;
};

}  // namespace ringi::aws
