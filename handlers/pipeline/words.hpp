#pragma once

#include "handlers/types/resource.hpp"
#include "handlers/types/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringi::pipeline {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// "TARGET [NAME=VALUE …] [--revision ACTION=REVISION]", as typed.
struct StartWords {
  std::string target;
  Pairs variables;
  Pairs revisions;
};

// Words of a command: blanks separate, quotes hold together; Slack's escapes and links become the
// text that was typed (facts: slash commands, escaping).
std::vector<std::string> split_words(std::string_view text);

// ASCII only, as names are: phones begin a line with a capital, "/ringi Help".
std::string lower_case(std::string text);

// The sentence of an error is meant for the person who typed.
Result<StartWords> parse_start(const std::vector<std::string>& words);

// What parse_start(split_words(…)) reads back as the same start of exactly this pipeline.
std::string written(const PipelineRef& ref, const StartWords& words);

}  // namespace ringi::pipeline
