// Reads a case a line from stdin and writes what the protocols make of it, both as JSON:
//   {"facts", "operation", "input"}               -> {"method", "path", "query", "host", "headers",
//   "body"} or {"error"}
//   {"facts", "operation", "answer": {"status", "headers", "body"}} -> {"output"} or {"code",
//   "message"} or {"error"}
// A body is base64 text.
#include "server/aws/protocol/protocol.hpp"
#include "server/crypto/base64.hpp"
#include "server/net/transport.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <string>

namespace {

using nlohmann::json;
using namespace ringi;

json written(const aws::Model& model, const aws::Operation& operation, const json& input) {
  const auto token = [] { return std::string{"00000000-0000-4000-8000-000000000000"}; };
  const auto request = aws::to_wire(model, operation, input, token);
  if (request.has_error()) return {{"error", request.error().log.text}};
  json headers = json::array();
  for (const auto& [name, value] : request->headers) headers.push_back({name, value});
  return {{"method", request->method}, {"path", request->path},
          {"query", request->query},   {"host", request->host_prefix},
          {"headers", headers},        {"body", crypto::to_base64(request->body)}};
}

json read(const aws::Model& model, const aws::Operation& operation, const json& given) {
  net::Answer answer{given.at("status").get<int>(), {}, {}};
  for (const auto& [name, value] : given.at("headers").items())
    answer.headers.emplace_back(name, value.get<std::string>());
  answer.body = crypto::from_base64(given.at("body").get<std::string>()).value();
  if (answer.status >= 300) {
    const auto failure = aws::failure_in(model, answer);
    return {{"code", failure.code}, {"message", failure.message}};
  }
  const auto output = aws::from_wire(model, operation, answer);
  return output ? json{{"output", *output}} : json{{"error", "cannot be read"}};
}

json answer_to(const json& asked) {
  const auto facts = asked.at("facts").get<std::string>();
  const auto model = aws::read_model(facts);
  if (model.has_error()) return {{"error", model.error().log.text}};
  const auto* operation = model->find(asked.at("operation").get<std::string>());
  if (operation == nullptr) return {{"error", "no such operation"}};
  if (asked.contains("input")) return written(*model, *operation, asked.at("input"));
  return read(*model, *operation, asked.at("answer"));
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);)
    std::cout << answer_to(json::parse(line)).dump(-1, ' ', false, json::error_handler_t::replace)
              << std::endl;
}
