#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringi::net {
struct Answer;
}

namespace ringi::aws {

// What a protocol makes of an operation and its input.
struct WireRequest {
  std::string method = "POST";
  std::string path = "/";   // encoded; goes after the endpoint's own path
  std::string query;        // encoded, without "?"
  std::string host_prefix;  // "123456789012.", before the endpoint's host
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// AWS's id of the request, whichever header bears it; "" when none does.
std::string request_id_of(const net::Answer& answer);

}  // namespace ringi::aws
