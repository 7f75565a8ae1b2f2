#pragma once

#include <string>

namespace ringi::store {

// The id in a column; the empty one where the column holds none.
template <class Id>
Id id_of(const std::string& text) {
  return Id::parse(text).value_or(Id{});
}

}  // namespace ringi::store
