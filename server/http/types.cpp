#include "server/http/types.hpp"

namespace ringi::http {

std::optional<std::string_view> Request::header(std::string_view lower_case_name) const {
  std::optional<std::string_view> found;
  for (const auto& header : headers) {
    if (header.name != lower_case_name) continue;
    if (found) return std::nullopt;
    found = header.value;
  }
  return found;
}

Response error_response(int status, std::string_view word) {
  return Response{.status = status,
                  .content_type = "application/json",
                  .body = R"({"error":")" + std::string{word} + R"("})"};
}

}  // namespace ringi::http
