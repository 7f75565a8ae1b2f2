#pragma once

#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringi::http {

struct Header {
  std::string name;  // lower-case in a request
  std::string value;
};

// One request whose head passed every check and whose body arrived whole. Raw bytes, nothing
// decoded.
struct Request {
  std::string method;
  std::string path;   // origin-form without the query
  std::string query;  // without "?"
  std::vector<Header> headers;
  std::string body;
  std::string peer;  // address of the other end of the socket
  Time received;

  // The value of a header that stands exactly once; nullopt otherwise.
  std::optional<std::string_view> header(std::string_view lower_case_name) const;
};

struct Response {
  int status = 200;
  std::string content_type = {};  // "" without a body
  std::string body = {};
  std::vector<Header> headers = {};
};

// {"error":"one_word"}: nothing that helps a guesser.
Response error_response(int status, std::string_view word);

using Endpoint = std::function<Task<Response>(Request)>;

// A route answers one path; other methods on it are 405 with Allow.
struct Route {
  std::string method;
  std::string path;
  std::size_t body_limit;
  bool from_aws =
      false;  // a slow body or overload is 503 there, not 408: SNS repeats 5xx and gives up on 4xx
  Endpoint endpoint;
};

}  // namespace ringi::http
