#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

// Members of an answer that may not be what its service promises.
namespace ringi::aws {

// "" where it is absent, or no text.
std::string text_at(const nlohmann::json& object, const char* key);
// An empty list where it is absent, or no list.
const nlohmann::json& list_at(const nlohmann::json& object, const char* key);

}  // namespace ringi::aws
