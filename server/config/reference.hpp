#pragma once

#include "server/config/problem.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ringi::config {

// Where a secret is kept: the configuration holds this, never the secret.
struct Reference {
  enum class Kind { environment, file, secrets_manager, parameter };
  Kind kind = Kind::environment;
  std::string name;      // the variable, the path, the secret's ARN or the parameter's name
  std::string json_key;  // of a secret in Secrets Manager: "…#key"; else ""
  std::string key;       // the configuration's key: "slack.bot_token"
  Place place;

  // As it was written: "env:SLACK_BOT_TOKEN".
  std::string text() const;
};

// "env:NAME", "file:PATH", "aws:secretsmanager:ARN[#json-key]", "aws:ssm:NAME".
std::optional<Reference> parse_reference(std::string_view text);

}  // namespace ringi::config
