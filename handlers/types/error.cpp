#include "handlers/types/error.hpp"

#include <utility>

namespace ringi {

std::string_view name_of(Errc code) {
  switch (code) {
    case Errc::invalid:
      return "invalid";
    case Errc::not_found:
      return "not_found";
    case Errc::denied:
      return "denied";
    case Errc::conflict:
      return "conflict";
    case Errc::limited:
      return "limited";
    case Errc::unavailable:
      return "unavailable";
    case Errc::unknown_outcome:
      return "unknown_outcome";
    case Errc::timeout:
      return "timeout";
    case Errc::ask_again:
      return "ask_again";
    case Errc::cancelled:
      return "cancelled";
    case Errc::internal:
      return "internal";
  }
  return "internal";
}

bool is_transient(Errc code) {
  return code == Errc::limited || code == Errc::unavailable || code == Errc::unknown_outcome ||
         code == Errc::timeout;
}

std::string code_of(const Error& error) {
  return error.service_code.empty() ? std::string{name_of(error.code)} : error.service_code;
}

Error error(Errc code, std::string sentence) {
  return Error{code, ForLog{sentence}, ForPerson{std::move(sentence)}, {}};
}

Error error(Errc code, ForLog log, ForPerson person, std::string service_code) {
  return Error{code, std::move(log), std::move(person), std::move(service_code)};
}

}  // namespace ringi
