#pragma once

#include "handlers/types/result.hpp"
#include "server/aws/credentials.hpp"
#include "server/aws/environment.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ringi::aws {

// A whole file, or nullopt when there is none.
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;

// The server's own credentials: the environment's, else the static keys of AWS_PROFILE or
// "default". A `profile` of our own configuration goes before the environment, as in botocore.
Result<Credentials> load_base_credentials(const Environment& environment,
                                          const std::string& profile, const ReadFile& read_file);

// Loads at once, and again after AWS said that they have expired: tools rewrite the file.
class BaseSession : public Session {
 public:
  using Load = std::function<Result<Credentials>()>;
  explicit BaseSession(Load load);
  Task<Result<Credentials>> credentials(Duration) override;
  void reject(const std::string& access_key_id) override;

 private:
  Load load_;
  Result<Credentials> current_;
};

}  // namespace ringi::aws
