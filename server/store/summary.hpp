#pragma once

#include <cstdint>
#include <string>

namespace ringi::store {

// What PutApprovalResult says: "<prefix> (ringi #<seq>)", at most 512 characters (AWS's limit,
// counted in UTF-16 units as Java does); the prefix gives way, never the entry's number.
std::string approval_summary(const std::string& prefix, std::int64_t seq);

}  // namespace ringi::store
