#pragma once

#include "handlers/types/result.hpp"
#include "server/aws/credentials/profile.hpp"
#include "server/aws/credentials/source.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ringi::aws {

// What a profile of AWS's shared files sets up, in botocore's order; its errors are those of one
// who wrote the profile.
class ProfileSources {
 public:
  // `environment` is what credential_source = Environment means and where "~" is; `web_identity`
  // holds the variables that stand in for a profile's web_identity_token_file and role_arn. All of
  // it outlives the object.
  ProfileSources(const Profiles& profiles, const Environment& environment,
                 const Environment& web_identity);

  // nullopt: the profile sets up no credentials.
  Result<std::optional<Source>> find(const std::string& profile);

 private:
  using Found = Result<std::optional<Source>>;

  Found role(const std::string& profile, std::vector<std::string> visited);
  Found source_profile(const std::string& profile, const std::string& named,
                       std::vector<std::string> visited);
  Found credential_source(const std::string& profile, std::string_view word);
  Found without_role(const std::string& profile, const Environment& web_identity);
  Found web_identity(const std::string& profile, const Environment& variables);
  Found single_sign_on(const std::string& profile);
  Found keys(const std::string& profile, const Sections& file, const std::string& path);
  Found login_session(const std::string& profile);
  Found process(const std::string& profile);

  const Profiles& profiles_;
  const Environment& environment_;
  const Environment& web_identity_;
};

}  // namespace ringi::aws
