#pragma once

#include "server/http/connection.hpp"
#include "server/http/head.hpp"
#include "server/http/limits.hpp"
#include "server/http/router.hpp"
#include "server/observe/log.hpp"
#include "server/observe/metrics.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ringi::http {

// What the sessions of one listener share; owned by the listener, which outlives them.
struct SessionShare {
  Router router;
  Limits limits;
  std::function<Time()> now;
  observe::Log log;
  observe::Metrics& metrics;
  std::size_t working = 0;      // endpoints that run right now
  std::size_t working_aws = 0;  // those of routes for AWS
  std::uint64_t waits = 0;      // how often a session began to wait for its client
  bool draining = false;
};

// One connection: reads a request, has it answered, writes the answer, and again.
class Session {
 public:
  Session(std::unique_ptr<Connection> connection, std::string peer, SessionShare& share);

  // Ends when the client leaves, a deadline passes, a request is refused, or the listener drains.
  Task<> run();

  // Closes the connection if it waits for a next request; one that is in flight is finished.
  void stop_when_idle();
  // Which wait of all it is in; 0 while a request is in flight. The smallest has waited longest.
  std::uint64_t idle_since() const { return idle_since_; }

 private:
  struct Taken {  // one step's outcome: exactly one of the two, or none where the connection ended
    std::optional<Head> head;
    std::optional<Refusal> refusal;
  };

  Task<bool> serve_one();
  Task<Taken> take_head();
  Task<Read> wait_for_request();
  Task<std::optional<Refusal>> take_body(const Head& head, const Route& route, std::string& body);
  Task<std::optional<Refusal>> take_sized(std::size_t length, std::string& body);
  Task<std::optional<Refusal>> take_chunked(std::size_t limit, std::string& body);
  Task<bool> invite_body();
  Task<bool> answer(Head head, const Route& route);
  Task<Response> respond(Request request, const Route& route);
  Task<Response> call_endpoint(Request request, const Route& route);
  Task<bool> refuse(Refusal refusal, std::string path, std::string allow = {});
  Task<bool> send(Response response, std::string path, bool keep_alive);
  Task<Read> fill();
  void idle() { idle_since_ = ++share_.waits; }

  std::unique_ptr<Connection> connection_;
  std::string peer_;
  SessionShare& share_;
  std::string buffer_;            // read, not yet taken
  bool first_ = true;             // no request was answered yet
  std::uint64_t idle_since_ = 0;  // waits for the handshake or for the first byte of a request
  bool head_only_ = false;        // the request at hand is a HEAD
};

}  // namespace ringi::http
