#pragma once

#include "handlers/pipeline/card.hpp"

namespace ringi::pipeline {

// One line for each stage and each approval, in the pipeline's order.
std::vector<message::Text> stage_lines(const CardModel& model);
// What was decided here, where AWS shows no stages any more.
std::vector<message::Text> decided_lines(const CardModel& model);

}  // namespace ringi::pipeline
