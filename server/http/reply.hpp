#pragma once

#include "server/http/types.hpp"

#include <string>
#include <string_view>

namespace ringi::http {

struct ReplyOptions {
  bool close = false;      // adds "Connection: close"
  bool head_only = false;  // to HEAD: the length, but no body
};

// The bytes of an HTTP/1.1 response.
std::string serialize(const Response& response, Time now, ReplyOptions options);

// RFC 9110 section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(Time time);

inline constexpr std::string_view continue_reply = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace ringi::http
