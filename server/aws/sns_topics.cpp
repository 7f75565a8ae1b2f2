#include "server/aws/sns_topics.hpp"

#include "handlers/access/rules.hpp"
#include "handlers/types/partition.hpp"
#include "server/aws/sns_envelope.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace ringi::aws {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in{text};
  for (std::string part; std::getline(in, part, ':');) parts.push_back(std::move(part));
  return parts;
}

}  // namespace

void SnsTopics::configure(const std::vector<std::string>& patterns, std::set<AccountId> accounts,
                          std::set<Region> regions) {
  patterns_.clear();
  for (const auto& text : patterns) {
    const auto parts = split(text);
    if (parts.size() != 6 || parts[0] != "arn" || parts[2] != "sns") continue;
    patterns_.push_back({parts[1], parts[3], parts[4], parts[5]});
  }
  accounts_ = std::move(accounts);
  regions_ = std::move(regions);
}

bool SnsTopics::allow(const TopicArn& topic) const {
  return std::ranges::any_of(patterns_,
                             [&](const auto& pattern) { return matches(pattern, topic); });
}

bool SnsTopics::matches(const Pattern& pattern, const TopicArn& topic) const {
  using access::glob_matches;
  const bool account = pattern.account == "{accounts}" ? accounts_.contains(topic.account)
                                                       : pattern.account == topic.account.str();
  // What the pattern spells out, somebody has chosen.
  const bool region = pattern.region == topic.region.str() || is_known_region(topic.region) ||
                      regions_.contains(topic.region);
  return account && region && glob_matches(pattern.partition, topic.partition) &&
         glob_matches(pattern.region, topic.region.str()) && glob_matches(pattern.name, topic.name);
}

}  // namespace ringi::aws
