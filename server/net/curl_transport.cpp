#include "server/net/curl_transport.hpp"

#include "server/net/transfer.hpp"
#include "server/net/waiter.hpp"
#include "server/observe/logger.hpp"
#include "server/observe/metrics.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

namespace ringi::net {

namespace asio = boost::asio;

namespace {

// What the waiting coroutine and the transport's thread share. `result` is written by the thread
// before it completes the waiter.
struct Job {
  Job(Call call, Address address) : transfer(std::move(call), std::move(address)) {}
  Transfer transfer;
  std::shared_ptr<Waiter> waiter;
  std::optional<Result<Answer>> result;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  std::atomic<bool> abandoned = false;
};
using JobPtr = std::shared_ptr<Job>;

// A line break in a header would be a header of somebody else's choice.
bool is_clean(const std::string& text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_clean(const Call& call) {
  return is_clean(call.url) && is_clean(call.method) &&
         std::ranges::all_of(call.headers,
                             [](const auto& h) { return is_clean(h.first) && is_clean(h.second); });
}

std::string outcome_label(const Result<Answer>& result) {
  if (result.has_error()) return std::string{name_of(result.error().code)};
  return std::to_string(result->status / 100) + "xx";
}

class CurlTransport final : public Transport {
 public:
  CurlTransport(TransportOptions options, observe::Log log, observe::Metrics& metrics)
      : options_(std::move(options)),
        log_(std::move(log)),
        metrics_(metrics),
        multi_(curl_multi_init()) {
    curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, options_.max_connections);
    thread_ = std::thread{[this] { drive(); }};
  }

  ~CurlTransport() override {
    stopping_ = true;
    curl_multi_wakeup(multi_);
    thread_.join();
    idle_.clear();
    curl_multi_cleanup(multi_);
  }

  Task<Result<Answer>> send(Call call) override;

 private:
  bool enqueue(const JobPtr& job);
  void drive();
  void start_new();
  void drop_abandoned();
  void collect();
  void finish(const JobPtr& job, Result<Answer> result);
  void fail_all();
  Easy idle_easy();
  void give_back(Easy easy);
  void record(const Job& job) const;

  const TransportOptions options_;
  const observe::Log log_;
  observe::Metrics& metrics_;
  CURLM* const multi_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> any_abandoned_ = false;
  std::atomic<std::size_t> calls_ = 0;  // waiting and running
  std::mutex mutex_;
  std::vector<JobPtr> new_;          // guarded by mutex_
  std::map<CURL*, JobPtr> running_;  // the thread's own
  std::vector<Easy> idle_;           // the thread's own
  std::thread thread_;
};

Task<Result<Answer>> CurlTransport::send(Call call) {
  auto address = allowed_address(call.url);
  if (address.has_error()) co_return address.error();
  if (!is_clean(call)) co_return error(Errc::invalid, "outgoing call: a line break in a header");
  const auto job = std::make_shared<Job>(std::move(call), std::move(*address));
  const auto initiate = [this, &job](auto handler) {
    job->waiter = Waiter::make(std::move(handler), [this, weak = std::weak_ptr{job}] {
      if (const auto left = weak.lock()) left->abandoned = true;
      any_abandoned_ = true;
      curl_multi_wakeup(multi_);
    });
    if (!enqueue(job)) job->waiter->complete({});
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(boost::system::error_code)>(
      initiate, asio::use_awaitable);
  co_return std::move(*job->result);
}

bool CurlTransport::enqueue(const JobPtr& job) {
  if (calls_.fetch_add(1) >= options_.max_calls) {
    --calls_;
    job->result.emplace(error(Errc::unavailable, "too many outgoing calls are waiting"));
    return false;
  }
  {
    const std::lock_guard lock{mutex_};
    new_.push_back(job);
  }
  curl_multi_wakeup(multi_);
  return true;
}

void CurlTransport::drive() {
  constexpr int longest_poll_ms = 1000;
  while (!stopping_) {
    start_new();
    if (any_abandoned_.exchange(false)) drop_abandoned();
    int still_running = 0;
    curl_multi_perform(multi_, &still_running);
    collect();
    curl_multi_poll(multi_, nullptr, 0, longest_poll_ms, nullptr);
  }
  fail_all();
}

void CurlTransport::start_new() {
  std::vector<JobPtr> fresh;
  {
    const std::lock_guard lock{mutex_};
    fresh.swap(new_);
  }
  for (auto& job : fresh) {
    job->transfer.prepare(idle_easy(), options_);
    CURL* const easy = job->transfer.easy();
    running_.emplace(easy, std::move(job));
    curl_multi_add_handle(multi_, easy);
  }
}

// The coroutine was told of its cancellation already; here only the transfer ends.
void CurlTransport::drop_abandoned() {
  for (auto it = running_.begin(); it != running_.end();) {
    const auto job = it->second;
    if (!job->abandoned) {
      ++it;
      continue;
    }
    it = running_.erase(it);
    curl_multi_remove_handle(multi_, job->transfer.easy());
    finish(job, error(Errc::cancelled, "cancelled"));
  }
}

void CurlTransport::collect() {
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    const auto found = running_.find(message->easy_handle);
    const auto job = found->second;
    running_.erase(found);
    curl_multi_remove_handle(multi_, job->transfer.easy());
    finish(job, job->transfer.outcome(code));
  }
}

void CurlTransport::finish(const JobPtr& job, Result<Answer> result) {
  job->result.emplace(std::move(result));
  record(*job);
  give_back(job->transfer.take_easy());
  --calls_;
  job->waiter->complete({});
}

void CurlTransport::fail_all() {
  start_new();
  for (const auto& [easy, job] : running_) {
    curl_multi_remove_handle(multi_, easy);
    finish(job, error(Errc::cancelled, "the transport stops"));
  }
  running_.clear();
}

Easy CurlTransport::idle_easy() {
  if (idle_.empty()) return Easy{curl_easy_init()};
  Easy easy = std::move(idle_.back());
  idle_.pop_back();
  return easy;
}

void CurlTransport::give_back(Easy easy) {
  constexpr std::size_t most_idle = 64;
  if (idle_.size() < most_idle) idle_.push_back(std::move(easy));
}

void CurlTransport::record(const Job& job) const {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - job.begun;
  const auto& host = job.transfer.host();
  const auto& purpose = job.transfer.purpose();
  const auto& name = purpose.empty() ? host : purpose;
  const auto outcome = outcome_label(*job.result);
  metrics_.count("ringi_calls_total", {{"host", name}, {"outcome", outcome}});
  metrics_.observe("ringi_call_seconds", took.count(), {{"host", name}});
  if (job.result->has_value()) {
    log_->debug("call host={} status={} seconds={:.3f}", host, (*job.result)->status, took.count());
  } else if (job.result->error().code != Errc::cancelled) {
    const auto level = purpose.empty() ? spdlog::level::warn : spdlog::level::debug;
    log_->log(level, "call failed host={} outcome={} seconds={:.3f} error=\"{}\"", host, outcome,
              took.count(), job.result->error().log.text);
  }
}

}  // namespace

std::unique_ptr<Transport> make_transport(TransportOptions options, observe::Log log,
                                          observe::Metrics& metrics) {
  return std::make_unique<CurlTransport>(std::move(options), std::move(log), metrics);
}

std::string_view Answer::header(std::string_view lower_case_name) const {
  const auto found = std::ranges::find(headers, lower_case_name,
                                       [](const auto& h) -> const std::string& { return h.first; });
  return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

}  // namespace ringi::net
