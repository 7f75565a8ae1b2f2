#include "handlers/types/result.hpp"

#include <stdexcept>

namespace ringi {

void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::runtime_error(std::string{name_of(error.code)} + ": " + error.log.text);
}

}  // namespace ringi
