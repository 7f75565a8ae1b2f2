#pragma once

#include "handlers/pipeline/place.hpp"
#include "handlers/pipeline/words.hpp"

namespace ringi::pipeline {

// The variables without the values of those that redact_variables names.
Pairs shown_variables(const access::Rules& rules, const StartWords& words);

// pipeline.started about this start, without its phase, with shown_variables().
ports::Entry start_entry(const access::Rules& rules, const Site& site, const Caller& caller,
                         const Via& via, const PipelineRef& ref, const StartWords& words);

// A typed command as it may be shown again: values of such variables are left out.
std::string without_secrets(const access::Rules& rules, const std::string& command);

}  // namespace ringi::pipeline
