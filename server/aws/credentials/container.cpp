#include "server/aws/credentials/container.hpp"

#include "server/aws/credentials/given.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;

// The whole content, but the line's end that editors put there.
Result<std::string> authorization(const ReadFile& read_file, const ContainerEndpoint& source) {
  if (source.token_file.empty()) return source.token.reveal();
  auto token = read_file(source.token_file);
  if (!token)
    return error(Errc::unavailable, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: " + source.token_file +
                                        " cannot be read");
  while (token->ends_with('\n') || token->ends_with('\r')) token->pop_back();
  if (token->find_first_of("\r\n") != token->npos)
    return error(Errc::unavailable, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: " + source.token_file +
                                        " holds more than one line");
  return *std::move(token);
}

}  // namespace

Task<Result<Credentials>> fetch_from_container(const MetadataWorld& world,
                                               const ReadFile& read_file,
                                               ContainerEndpoint source) {
  const auto token = authorization(read_file, source);
  if (token.has_error()) co_return token.error();
  net::Call call{.method = "GET", .url = source.url, .timeout = 2s, .connect_timeout = 2s};
  call.headers.emplace_back("Accept", "application/json");
  if (!token->empty()) call.headers.emplace_back("Authorization", *token);
  const auto answer = co_await ask_metadata(world, std::move(call), 1s);
  if (answer.has_error()) co_return answer.error();
  if (answer->status != 200) co_return error(errc_of(*answer), refusal_in(*answer));
  const auto body = nlohmann::json::parse(answer->body, nullptr, false);
  const auto given = given_in(body, metadata_names);
  if (!given) co_return error(Errc::unavailable, "an answer without credentials");
  co_return *given;
}

}  // namespace ringi::aws
