#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"
#include "server/config/secret.hpp"

#include <optional>
#include <string>

namespace ringi::aws {

struct Credentials {
  std::string access_key_id;
  config::Secret secret_access_key;
  config::Secret session_token;      // empty: long-lived keys
  std::optional<Time> expires = {};  // nullopt: until AWS says otherwise
};

// Where the client takes credentials from, call by call. Used from the I/O thread only.
class Session {
 public:
  virtual ~Session() = default;
  // Errc::timeout when they cannot be had within `longest`.
  virtual Task<Result<Credentials>> credentials(Duration longest) = 0;
  // AWS said that these have expired before their time. Others may have said so of the same ones
  // already.
  virtual void reject(const std::string& access_key_id) = 0;
};

}  // namespace ringi::aws
