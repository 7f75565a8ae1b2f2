#include "server/http/session.hpp"

#include "server/http/chunked.hpp"
#include "server/http/reply.hpp"
#include "server/observe/logger.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>

namespace ringi::http {
namespace {

constexpr std::size_t read_size = 16u << 10;
constexpr Refusal slow{408, "timeout"};
constexpr Refusal too_large{413, "too_large"};
constexpr Refusal gone{0, ""};  // the client left: nobody to answer
constexpr std::string_view no_route =
    "other";  // label of the metrics: paths of strangers are unbounded

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

Response overloaded() {
  auto response = error_response(503, "overload");
  response.headers.push_back({"Retry-After", "1"});
  return response;
}

}  // namespace

Session::Session(std::unique_ptr<Connection> connection, std::string peer, SessionShare& share)
    : connection_(std::move(connection)), peer_(std::move(peer)), share_(share) {}

Task<> Session::run() {
  connection_->expires_after(share_.limits.handshake);
  idle();
  const auto shaken = co_await connection_->handshake();
  idle_since_ = 0;
  if (shaken != Io::ok) co_return;
  bool more = true;
  while (more) {
    more = co_await serve_one();
    first_ = false;
  }
  co_await connection_->linger();
}

void Session::stop_when_idle() {
  if (idle_since_ != 0) connection_->close();
}

Task<bool> Session::serve_one() {
  auto [head, refusal] = co_await take_head();
  if (refusal) {
    const bool more = co_await refuse(*refusal, std::string{no_route});
    co_return more;
  }
  if (!head) co_return false;
  head_only_ = head->method == "HEAD";
  auto [route, allow] = share_.router.find(head->method, head->path);
  if (route) {
    const bool more = co_await answer(std::move(*head), *route);
    co_return more;
  }
  const auto refused = allow.empty() ? Refusal{404, "not_found"} : Refusal{405, "method"};
  const bool more = co_await refuse(refused, std::string{no_route}, std::move(allow));
  co_return more;
}

Task<Session::Taken> Session::take_head() {
  if (buffer_.empty()) {
    const auto begun = co_await wait_for_request();
    if (begun.state != Io::ok) co_return Taken{};
  }
  connection_->expires_after(share_.limits.head);
  const auto limit = share_.limits.head_bytes;
  while (true) {
    const auto scan = scan_head(std::string_view{buffer_}.substr(0, limit));
    if (scan.state == HeadScan::State::malformed) co_return Taken{{}, Refusal{}};
    if (scan.state == HeadScan::State::complete) {
      auto parsed = parse_head(std::string_view{buffer_}.substr(0, scan.size));
      buffer_.erase(0, scan.size);
      if (!parsed) co_return Taken{{}, parsed.error()};
      co_return Taken{std::move(*parsed), {}};
    }
    if (buffer_.size() >= limit) co_return Taken{{}, Refusal{431, "head_too_large"}};
    const auto read = co_await fill();
    if (read.state == Io::expired) co_return Taken{{}, slow};
    if (read.state == Io::closed) co_return Taken{};
  }
}

Task<Read> Session::wait_for_request() {
  if (share_.draining) co_return Read{Io::closed};
  connection_->expires_after(first_ ? share_.limits.head : share_.limits.idle);
  idle();
  const auto read = co_await fill();
  idle_since_ = 0;
  co_return read;
}

Task<Read> Session::fill() {
  const auto had = buffer_.size();
  buffer_.resize(had + read_size);
  const auto read = co_await connection_->read_some(std::span{buffer_}.subspan(had));
  buffer_.resize(had + read.bytes);
  co_return read;
}

Task<std::optional<Refusal>> Session::take_body(const Head& head, const Route& route,
                                                std::string& body) {
  if (!head.framing.has_body()) co_return std::nullopt;
  if (!head.framing.chunked && head.framing.length > route.body_limit) co_return too_large;
  connection_->expires_after(share_.limits.body);
  if (head.expects_continue && buffer_.empty()) {
    const bool invited = co_await invite_body();
    if (!invited) co_return gone;
  }
  if (head.framing.chunked) {
    const auto refused = co_await take_chunked(route.body_limit, body);
    co_return refused;
  }
  const auto refused = co_await take_sized(head.framing.length, body);
  co_return refused;
}

Task<bool> Session::invite_body() {
  const auto written = co_await connection_->write(continue_reply);
  co_return written == Io::ok;
}

Task<std::optional<Refusal>> Session::take_sized(std::size_t length, std::string& body) {
  while (buffer_.size() < length) {
    const auto read = co_await fill();
    if (read.state != Io::ok) co_return read.state == Io::expired ? slow : gone;
  }
  if (buffer_.size() == length) {
    body = std::move(buffer_);
    buffer_.clear();
    co_return std::nullopt;
  }
  body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  co_return std::nullopt;
}

Task<std::optional<Refusal>> Session::take_chunked(std::size_t limit, std::string& body) {
  ChunkedBody chunked{limit};
  while (true) {
    std::string_view unread = buffer_;
    const auto state = chunked.feed(unread);
    buffer_.erase(0, buffer_.size() - unread.size());
    if (state == ChunkedBody::State::malformed) co_return Refusal{};
    if (state == ChunkedBody::State::too_large) co_return too_large;
    if (state == ChunkedBody::State::complete) break;
    const auto read = co_await fill();
    if (read.state != Io::ok) co_return read.state == Io::expired ? slow : gone;
  }
  body = chunked.take();
  co_return std::nullopt;
}

Task<bool> Session::answer(Head head, const Route& route) {
  const auto begun = share_.now();
  Request request{.method = std::move(head.method),
                  .path = std::move(head.path),
                  .query = std::move(head.query),
                  .headers = std::move(head.headers),
                  .body = {},
                  .peer = peer_,
                  .received = begun};
  const bool keep_alive = head.keep_alive;
  const auto refused = co_await take_body(head, route, request.body);
  if (refused) {
    const bool again = route.from_aws && refused->status == slow.status;
    const bool more = co_await refuse(again ? Refusal{503, slow.word} : *refused, route.path);
    co_return more;
  }
  connection_->expires_never();
  auto response = co_await respond(std::move(request), route);
  const bool more = co_await send(std::move(response), route.path, keep_alive);
  share_.metrics.observe("ringi_request_seconds", seconds(share_.now() - begun),
                         {{"path", route.path}});
  co_return more;
}

Task<Response> Session::respond(Request request, const Route& route) {
  auto& at_work = route.from_aws ? share_.working_aws : share_.working;
  const auto most = route.from_aws ? share_.limits.working_aws : share_.limits.working;
  if (at_work >= most) co_return overloaded();
  struct Working {
    std::size_t& count;
    explicit Working(std::size_t& counted) : count(counted) { ++count; }
    ~Working() { --count; }
  } const working{at_work};
  auto response = co_await call_endpoint(std::move(request), route);
  co_return response;
}

// A broken promise in an endpoint: said once in the log, and to the client what any "not stored"
// is.
Task<Response> Session::call_endpoint(Request request, const Route& route) {
  std::string failure;
  try {
    auto response = co_await route.endpoint(std::move(request));
    co_return response;
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) throw;
    failure = error.code().message();
  } catch (const std::exception& error) {
    failure = error.what();
  }
  share_.log->error("request failed path={} why={}", route.path, failure);
  auto response = error_response(503, "unavailable");
  response.headers.push_back({"Retry-After", "1"});
  co_return response;
}

// What follows a refused request on the wire is not known to be one: the connection ends.
Task<bool> Session::refuse(Refusal refusal, std::string path, std::string allow) {
  if (refusal == gone) co_return false;
  auto response = error_response(refusal.status, refusal.word);
  if (!allow.empty()) response.headers.push_back({"Allow", std::move(allow)});
  if (refusal.status == 503) response.headers.push_back({"Retry-After", "1"});
  const bool more = co_await send(std::move(response), std::move(path), false);
  co_return more;
}

Task<bool> Session::send(Response response, std::string path, bool keep_alive) {
  keep_alive = keep_alive && !share_.draining;
  share_.metrics.count("ringi_requests_total",
                       {{"path", std::move(path)}, {"status", std::to_string(response.status)}});
  const auto bytes =
      serialize(response, share_.now(), {.close = !keep_alive, .head_only = head_only_});
  connection_->expires_after(share_.limits.write);
  const auto written = co_await connection_->write(bytes);
  co_return keep_alive&& written == Io::ok;
}

}  // namespace ringi::http
