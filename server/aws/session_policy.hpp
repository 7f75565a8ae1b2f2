#pragma once

#include "handlers/ports/aws.hpp"

#include <string>

namespace ringi::aws {

// The policy of a session that may do these actions alone, as far as its role may: the same actions
// give the same text. Errc::denied without any; Errc::invalid for what is no whole name of an
// action, and where AWS takes no policy of that length.
// Source: IAM User Guide, "Session policies"; STS API Reference, AssumeRole, Policy.
Result<std::string> session_policy(const ports::IamActions& actions);

}  // namespace ringi::aws
