#pragma once

#include "handlers/types/result.hpp"
#include "server/aws/models/model.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <optional>

namespace ringi::aws {

// The input that asks for the page after `output`; nullopt: that was the last. Errc::internal: the
// same token came twice in a row, which would never end.
Result<std::optional<nlohmann::json>> next_input(const Pages& pages, const nlohmann::json& input,
                                                 const nlohmann::json& output);

// Puts the results of `page` behind those of `all`; what else a page says is the first one's.
void add_page(const Pages& pages, nlohmann::json& all, nlohmann::json page);

// How many results `output` holds.
std::size_t count_results(const Pages& pages, const nlohmann::json& output);

}  // namespace ringi::aws
