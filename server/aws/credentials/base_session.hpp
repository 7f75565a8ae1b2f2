#pragma once

#include "server/aws/credentials/fetch.hpp"
#include "server/aws/credentials/fresh_session.hpp"
#include "server/aws/credentials/plan.hpp"

#include <memory>
#include <string>

namespace ringi::aws {

// The server's own credentials, by the default chain (plan_credentials), kept fresh. Each refresh
// reads environment and files anew: who mends them needs no restart. Which source it is, and why
// not an earlier one, is logged where it changes.
std::shared_ptr<Session> base_session(FreshWorld fresh, SourceWorld sources, std::string profile);

}  // namespace ringi::aws
