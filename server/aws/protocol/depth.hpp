#pragma once

namespace ringi::aws {

// How deep an input or an answer may be nested: deeper than any operation needs, and what reads and
// writes them recurses.
inline constexpr int max_depth = 64;

}  // namespace ringi::aws
