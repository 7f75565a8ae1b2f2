#include "server/aws/credentials/instance.hpp"

#include "handlers/message/unicode.hpp"
#include "handlers/ports/clock.hpp"
#include "server/aws/credentials/given.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_code = 100;  // of what somebody else says, in a log
constexpr std::string_view roles = "/latest/meta-data/iam/security-credentials/";

bool is_role_name(std::string_view text) {
  constexpr std::string_view marks = "_+=,.@-";
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != marks.npos;
  });
}

class Metadata {
 public:
  Metadata(const MetadataWorld& world, std::string url) : world_(world), url_(std::move(url)) {}

  Task<Result<Credentials>> credentials() {
    auto role = co_await get(std::string{roles});
    if (role.has_error()) co_return role.error();
    const auto name = role->substr(0, role->find('\n'));
    if (!is_role_name(name))
      co_return error(Errc::unavailable, url_ + ": named no role: attach an instance profile");
    const auto text = co_await get(std::string{roles} + name);
    if (text.has_error()) co_return text.error();
    const auto body = nlohmann::json::parse(*text, nullptr, false);
    const auto code = body.is_object() ? body.value("Code", nlohmann::json{}) : nlohmann::json{};
    if (code.is_string() && code != "Success")
      co_return error(Errc::unavailable,
                      url_ + ": role " + name + ": code " +
                          message::one_line(code.get<std::string>(), longest_code));
    const auto given = given_in(body, metadata_names);
    if (!given || !given->expires)
      co_return error(Errc::unavailable, url_ + ": an answer without credentials of role " + name);
    co_return *given;
  }

 private:
  net::Call call_to(std::string method, const std::string& path) const {
    return {.method = std::move(method), .url = url_ + path, .timeout = 1s, .connect_timeout = 1s};
  }

  Task<Result<void>> renew_token() {
    auto call = call_to("PUT", "/latest/api/token");
    call.headers.emplace_back("x-aws-ec2-metadata-token-ttl-seconds", "21600");
    const auto answer = co_await ask_metadata(world_, std::move(call), 1s);
    if (answer.has_error())
      co_return error(answer.error().code,
                      url_ + ": " + answer.error().log.text +
                          ": not an EC2 instance, or a container behind its hop limit (2 lets one "
                          "through)");
    const auto code = errc_of(*answer);
    if (answer->status != 200 && is_transient(code))
      co_return error(code, url_ + ": " + refusal_in(*answer));
    if (answer->status != 200 || answer->body.empty())
      co_return error(Errc::denied, url_ + ": " + refusal_in(*answer) +
                                        ": it gives no IMDSv2 token, and version 1 is not asked");
    token_ = answer->body;
    co_return Result<void>{};
  }

  // A token that is refused is renewed once.
  Task<Result<std::string>> get(std::string path) {
    for (bool again = false;; again = true) {
      if (token_.empty()) {
        const auto token = co_await renew_token();
        if (token.has_error()) co_return token.error();
      }
      auto call = call_to("GET", path);
      call.headers.emplace_back("x-aws-ec2-metadata-token", token_);
      const auto answer = co_await ask_metadata(world_, std::move(call), 1s);
      if (answer.has_error()) co_return answer.error();
      if (answer->status == 200) co_return answer->body;
      if (answer->status == 401 && !again) {
        token_.clear();
        continue;
      }
      const bool none = answer->status == 404 && path == roles;
      co_return error(errc_of(*answer), url_ + ": " + refusal_in(*answer) +
                                            (none ? ": attach an instance profile" : ""));
    }
  }

  const MetadataWorld& world_;
  std::string url_;
  std::string token_;
};

}  // namespace

Task<Result<Credentials>> fetch_from_instance(const MetadataWorld& world, const ports::Clock& clock,
                                              double random, InstanceMetadata source) {
  Metadata metadata{world, std::move(source.url)};
  auto given = co_await metadata.credentials();
  const auto now = clock.now();
  // Asked again in 5 to 10 minutes: a quarter of what is said here is kept as margin.
  if (given && *given->expires <= now)
    given->expires = now + 8min + std::chrono::duration_cast<Duration>(random * 6min);
  co_return given;
}

}  // namespace ringi::aws
