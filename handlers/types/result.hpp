#pragma once

#include "handlers/types/error.hpp"

#include <boost/system/result.hpp>

namespace ringi {

// A value or an Error. `.value()` on an error throws std::runtime_error with the log's text.
template <class T>
using Result = boost::system::result<T, Error>;

[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& where);

}  // namespace ringi
