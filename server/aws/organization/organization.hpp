#pragma once

#include "handlers/access/registry.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"
#include "server/aws/organization/plan.hpp"
#include "server/observe/log.hpp"
#include "server/runtime/timers.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringi::ports {
class Clock;
}
namespace ringi::observe {
class Metrics;
}
namespace ringi::store {
class Copies;
}

namespace ringi::aws {

// As AWS Organizations said it, at `as_of`.
struct OrganizationListing {
  access::Listing said;
  Time as_of;
};
std::string to_json(const access::Listing& said);
// nullopt: not such a text.
std::optional<access::Listing> parse_listing(std::string_view json);

inline constexpr const char* listing_kind = "organization";  // of its copy in the store
inline constexpr const char* listing_key = "accounts";

// Follows an organization: asks, keeps the last good answer, here and in the store, and says where
// that goes wrong. On the I/O thread.
class OrganizationWatch {
 public:
  struct Parts {
    std::function<Task<Result<std::vector<access::ListedAccount>>>(OrganizationPlan)> list;
    store::Copies& copies;
    const ports::Clock& clock;
    observe::Metrics& metrics;
    observe::Log log;
    std::function<Task<>(const Error&, std::optional<Time>)> away;  // once, until it is back
    std::function<Task<>()> back;
    std::function<void()> news;  // the listing is another one
  };
  OrganizationWatch(const boost::asio::any_io_executor& executor, Parts parts);

  // The copy, so that a start needs no AWS.
  Task<Result<void>> load();
  void follow(OrganizationPlan plan);
  Task<> run();   // asks again and again, until it is cancelled
  Task<> look();  // asks once

  const std::optional<OrganizationListing>& listing() const { return listing_; }
  bool discovers() const { return plan_.discover; }

 private:
  Task<> keep(access::Listing said);
  Task<> missed(Error why);
  Duration until_next() const;
  void show_age();

  Parts parts_;
  runtime::Bell bell_;
  OrganizationPlan plan_;
  std::optional<OrganizationListing> listing_;
  int failures_ = 0;  // without a break
  bool told_ = false;
};

}  // namespace ringi::aws
