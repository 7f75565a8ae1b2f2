#include "server/aws/client/collect.hpp"

#include "handlers/ports/clock.hpp"
#include "server/aws/protocol/paging.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ringi::aws {

using nlohmann::json;

namespace {

// What was read so far.
struct Amount {
  std::size_t pages = 0, results = 0, bytes = 0;

  void add(const Pages& how, const json& page) {
    ++pages;
    results += count_results(how, page);
    bytes += page.dump(-1, ' ', false, json::error_handler_t::replace).size();
  }
  bool within(const PageLimits& limits) const {
    return pages < limits.pages && results < limits.results && bytes < limits.bytes;
  }
};

}  // namespace

Task<Result<Collected>> collect(Client& client, const ports::Clock& clock,
                                std::shared_ptr<Session> session, Invocation what, json input,
                                PageLimits limits) {
  const auto until = clock.now() + what.deadline;
  what.deadline = std::min(what.deadline, limits.one_page);
  auto first = co_await client.call(session, what, input);
  if (first.has_error()) co_return first.error();
  Collected all{std::move(first).value()};
  const auto pages = client.pages_of(what);
  if (!pages) co_return all;
  Amount amount;
  amount.add(*pages, all.output);
  auto next = next_input(*pages, input, all.output);
  while (next.has_value() && *next) {
    all.truncated = pages->results.empty() || !amount.within(limits);
    if (all.truncated) co_return all;
    if (limits.pause) co_await limits.pause();
    what.deadline = std::min(until - clock.now(), limits.one_page);
    auto page = co_await client.call(session, what, **next);
    if (page.has_error()) co_return page.error();
    amount.add(*pages, *page);
    auto after = next_input(*pages, **next, *page);
    add_page(*pages, all.output, std::move(page).value());
    next = std::move(after);
  }
  if (next.has_error()) co_return next.error();
  co_return all;
}

}  // namespace ringi::aws
