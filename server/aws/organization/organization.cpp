#include "server/aws/organization/organization.hpp"

#include "handlers/ports/clock.hpp"
#include "server/observe/logger.hpp"
#include "server/observe/metrics.hpp"
#include "server/store/copies.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;
using access::ListedAccount;
using nlohmann::json;

constexpr Duration after_a_failure = 30s;
constexpr Duration not_asked = 24h;  // follow() rings
constexpr int worth_telling = 2;     // failures in a row that may pass by themselves

std::optional<ListedAccount> account_of(const json& one) {
  const auto id = AccountId::parse(one.value("id", ""));
  if (!id) return std::nullopt;
  return ListedAccount{*id, one.value("name", ""),
                       one.value("tags", std::map<std::string, std::string>{})};
}

}  // namespace

std::string to_json(const access::Listing& said) {
  auto list = json::array();
  for (const auto& [id, name, tags] : said.accounts)
    list.push_back({{"id", id.str()}, {"name", name}, {"tags", tags}});
  const json listing{{"v", 1}, {"tags", said.tags}, {"accounts", std::move(list)}};
  return listing.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<access::Listing> parse_listing(std::string_view text) {
  try {
    const auto listing = json::parse(text);
    access::Listing said{.tags = listing.at("tags").get<std::set<std::string>>()};
    for (const auto& one : listing.at("accounts")) {
      auto account = account_of(one);
      if (!account) return std::nullopt;
      said.accounts.push_back(*std::move(account));
    }
    return said;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

OrganizationWatch::OrganizationWatch(const boost::asio::any_io_executor& executor, Parts parts)
    : parts_(std::move(parts)), bell_(executor) {}

Task<Result<void>> OrganizationWatch::load() {
  if (!plan_.discover) co_return Result<void>{};
  auto copy = co_await parts_.copies.get(listing_kind, listing_key);
  if (copy.has_error()) co_return copy.error();
  if (!*copy) co_return Result<void>{};
  auto said = parse_listing((*copy)->value);
  if (!said) {
    parts_.log->error("the organization's listing in the store cannot be read");
    co_return Result<void>{};
  }
  listing_ = {*std::move(said), (*copy)->as_of};
  show_age();
  co_return Result<void>{};
}

// What changed may be what is asked for, so it is asked anew. One that is not asked any more is
// forgotten: its tags of today would be those of some other day when it is asked again.
void OrganizationWatch::follow(OrganizationPlan plan) {
  plan_ = std::move(plan);
  if (!plan_.discover) {
    listing_.reset();
    failures_ = 0;
    told_ = false;
  }
  bell_.ring();
}

Task<> OrganizationWatch::run() {
  for (;;) {
    if (plan_.discover) co_await look();
    co_await bell_.wait(until_next());
  }
}

Duration OrganizationWatch::until_next() const {
  if (!plan_.discover) return not_asked;
  return failures_ > 0 ? std::min(after_a_failure, plan_.refresh) : plan_.refresh;
}

Task<> OrganizationWatch::look() {
  const auto plan = plan_;
  auto accounts = co_await parts_.list(plan);
  if (plan != plan_) co_return;  // it answers another question than that of today
  auto next =
      accounts.has_error() ? missed(accounts.error()) : keep({plan.tags, std::move(*accounts)});
  co_await std::move(next);
}

void OrganizationWatch::show_age() {
  parts_.metrics.gauge("ringi_organization_listed_timestamp_seconds",
                       static_cast<double>(unix_seconds(listing_->as_of)));
}

Task<> OrganizationWatch::keep(access::Listing said) {
  std::ranges::sort(said.accounts, {}, &ListedAccount::id);
  failures_ = 0;
  const bool changed = !listing_ || listing_->said != said;
  auto put = co_await parts_.copies.put(listing_kind, listing_key, to_json(said));
  if (put.has_error())
    parts_.log->warn("the organization's listing is not kept cause=\"{}\"", put.error().log.text);
  listing_ = {std::move(said), parts_.clock.now()};
  show_age();
  if (changed) parts_.news();
  if (std::exchange(told_, false)) co_await parts_.back();
}

Task<> OrganizationWatch::missed(Error why) {
  if (why.code == Errc::cancelled) co_return;
  ++failures_;
  parts_.metrics.count("ringi_organization_failures_total", {});
  parts_.log->warn("organization not read cause=\"{}\" failures={}", why.log.text, failures_);
  const bool lasting = !is_transient(why.code) || failures_ >= worth_telling;
  if (!lasting || std::exchange(told_, true)) co_return;
  const auto as_of = listing_ ? std::optional{listing_->as_of} : std::nullopt;
  co_await parts_.away(why, as_of);
}

}  // namespace ringi::aws
