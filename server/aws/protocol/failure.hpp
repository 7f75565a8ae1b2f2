#pragma once

#include "handlers/types/error.hpp"

#include <string>
#include <string_view>

namespace ringi::aws {

// An answer of AWS that says no, in AWS's own words.
struct Failure {
  int status = 0;
  std::string code;     // "ThrottlingException"; "" when the answer bears none
  std::string message;  // for the log, cut and cleaned; hostile
  std::string request_id;
};

// What the client may do about it.
enum class Remedy {
  none,
  back_off,             // throttled: repeat later
  repeat,               // a passing fault: repeat
  refresh_credentials,  // they expired before their time
  adopt_clock,          // perhaps our clock is off: the Date header tells
};

Remedy remedy_of(const Failure& failure);
Errc errc_of(const Failure& failure);

// `operation` is "codepipeline StartPipelineExecution".
Error error_of(const Failure& failure, std::string_view operation);

// "com.amazonaws.x#FooException:http://…" -> "FooException"
std::string plain_code(std::string_view code);

}  // namespace ringi::aws
