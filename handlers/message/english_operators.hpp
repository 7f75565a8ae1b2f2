#pragma once

#include "handlers/message/english.hpp"

namespace ringi::message::english {

// What of AWS ringi itself needs and does not reach, for the operators.
Text organization_away(const Error& why, std::optional<Time> as_of);
Text organization_back();
Text queue_away(std::string_view arn, const Error& why);
Text queue_back(std::string_view arn);

}  // namespace ringi::message::english
