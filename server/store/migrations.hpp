#pragma once

#include "handlers/types/result.hpp"

namespace ringi::store {

class Session;
struct Dialect;

// Brings the schema to this program's version, each step in one transaction. A schema that is newer
// is left alone as long as it says that this program may use it.
Result<void> migrate(Session& sql, const Dialect& dialect);

// Changes nothing: is the schema one that this program may use?
Result<void> check_schema(Session& sql, const Dialect& dialect);

}  // namespace ringi::store
