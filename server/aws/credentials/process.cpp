#include "server/aws/credentials/process.hpp"

#include "handlers/message/unicode.hpp"
#include "server/aws/credentials/given.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace ringi::aws {
namespace {

// It may hold anything: the beginning, on one line.
std::string complaint_of(const runtime::Ended& ended) {
  constexpr std::size_t longest = 200;
  return ended.errors.empty() ? "without a word" : message::one_line(ended.errors, longest);
}

std::vector<std::string> pairs_of(const Environment& environment) {
  std::vector<std::string> pairs;
  for (const auto& [name, value] : environment) pairs.push_back(name + "=" + value);
  return pairs;
}

}  // namespace

Task<Result<Credentials>> fetch_from_process(const runtime::RunProgram& run,
                                             const Environment& environment,
                                             CredentialProcess source) {
  runtime::Program program{.command = std::move(source.command),
                           .environment = pairs_of(environment),
                           .limit = longest_process};
  auto ended = co_await run(std::move(program));
  if (ended.has_error()) co_return ended.error();
  if (ended->status != 0)
    co_return error(Errc::unavailable, "it ended with status " + std::to_string(ended->status) +
                                           ": " + complaint_of(*ended));
  const auto body = nlohmann::json::parse(ended->output, nullptr, false);
  if (!body.is_object()) co_return error(Errc::unavailable, "its output is no JSON object");
  if (body.value("Version", nlohmann::json{}) != 1)
    co_return error(Errc::unavailable, "its output is not of Version 1");
  const auto given = given_in(body, session_names);
  if (!given)
    co_return error(Errc::unavailable,
                    "its output lacks AccessKeyId or SecretAccessKey, or has a wrong Expiration");
  co_return *given;
}

}  // namespace ringi::aws
