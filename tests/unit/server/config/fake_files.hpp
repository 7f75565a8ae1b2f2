#pragma once

#include "handlers/access/rules.hpp"
#include "server/config/files.hpp"

#include <map>
#include <set>
#include <string>

namespace ringi::config::test {

// Files in memory; a pattern is a glob of the whole path.
class FakeFiles : public Files {
 public:
  std::map<std::string, std::string> texts;
  std::set<std::string> open_to_all;

  Result<std::string> read(const std::string& path) override {
    const auto found = texts.find(path);
    if (found == texts.end()) return error(Errc::not_found, "No such file or directory");
    return found->second;
  }

  std::vector<std::string> matching(const std::string& pattern) override {
    std::vector<std::string> found;
    for (const auto& [path, text] : texts) {
      if (access::glob_matches(pattern, path)) found.push_back(path);
    }
    return found;
  }

  bool readable_by_everyone(const std::string& path) override { return open_to_all.contains(path); }
};

// Everything that is required and nothing else. Its last line is inside no table's way: tests
// append.
inline constexpr const char* smallest = R"(
[server]
public_url = "https://chatops.example.com"
certificate = "tls/fullchain.pem"
private_key = "/etc/ringi/tls/privkey.pem"
[ledger]
origin = "chatops.example.com/ringi"
key = "file:ledger.pem"
[slack]
team_id = "T0123"
app_id = "A0123"
signing_secrets = ["env:SIGNING"]
bot_token = "env:TOKEN"
operators_channel = "#ringi-ops"
channel = "#deploys"
[aws]
region = "ap-northeast-1"
)";

}  // namespace ringi::config::test
