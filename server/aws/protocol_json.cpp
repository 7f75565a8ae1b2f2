#include "server/aws/protocol_json.hpp"

#include "server/net/transport.hpp"

#include <nlohmann/json.hpp>

namespace ringi::aws {

using nlohmann::json;

namespace {

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

json body_object(const net::Answer& answer) {
  auto body = json::parse(answer.body, nullptr, false);
  return body.is_object() ? body : json::object();
}

std::string code_of(const net::Answer& answer, const json& body) {
  // A service that once spoke query still names its old codes: "Code;Sender".
  const auto query_error = answer.header("x-amzn-query-error");
  if (!query_error.empty()) return plain_code(query_error.substr(0, query_error.find(';')));
  if (const auto type = text_of(body, "__type"); !type.empty()) return plain_code(type);
  if (const auto type = answer.header("x-amzn-errortype"); !type.empty()) return plain_code(type);
  const auto code = text_of(body, "code");
  return plain_code(code.empty() ? text_of(body, "Code") : code);
}

}  // namespace

WireRequest json_request(const Service& service, std::string_view operation, const json& input) {
  WireRequest request;
  request.headers = {
      {"Content-Type", "application/x-amz-json-" + std::string{service.json_version}},
      {"X-Amz-Target", std::string{service.target_prefix} + "." + std::string{operation}}};
  // Text from git may be no UTF-8: it is sent with marks, rather than an exception thrown.
  constexpr auto replace = json::error_handler_t::replace;
  request.body = input.is_object() ? input.dump(-1, ' ', false, replace) : "{}";
  return request;
}

std::optional<json> json_output(const net::Answer& answer) {
  if (answer.body.empty()) return json::object();
  auto output = json::parse(answer.body, nullptr, false);
  if (!output.is_object()) return std::nullopt;
  return output;
}

Failure json_failure(const net::Answer& answer) {
  const auto body = body_object(answer);
  auto message = text_of(body, "message");
  if (message.empty()) message = text_of(body, "Message");
  return {.status = answer.status,
          .code = code_of(answer, body),
          .message = std::move(message),
          .request_id = request_id_of(answer)};
}

}  // namespace ringi::aws
