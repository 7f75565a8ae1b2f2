#pragma once

#include "handlers/types/result.hpp"
#include "server/aws/credentials/profile.hpp"
#include "server/aws/credentials/source.hpp"

#include <optional>
#include <string>

namespace ringi::aws {

// A profile's sso_account_id and sso_role_name, with its sso_session, or with sso_start_url and
// sso_region of its own (the older form, whose token is not refreshed). nullopt: it has neither.
// The token is in `home`/.aws/sso/cache, under the SHA-1 of the session's name or of the start URL.
Result<std::optional<Source>> sso_in(const Profiles& profiles, const std::string& profile,
                                     const std::string& home);

}  // namespace ringi::aws
