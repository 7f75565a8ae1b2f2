#include "server/aws/protocol/failure.hpp"

#include "handlers/message/unicode.hpp"

#include <algorithm>
#include <array>

namespace ringi::aws {
namespace {

using Names = std::initializer_list<std::string_view>;

bool any_of(std::string_view code, Names names) {
  return std::ranges::find(names, code) != names.end();
}
bool holds(std::string_view code, std::string_view part) {
  return code.find(part) != code.npos;
}

// facts: botocore's throttling.py. LimitExceededException is a quota more often than a rate: not
// here.
bool throttled(std::string_view code) {
  return any_of(code, {"Throttling", "ThrottlingException", "ThrottledException",
                       "RequestThrottledException", "RequestThrottled", "TooManyRequestsException",
                       "ProvisionedThroughputExceededException", "TransactionInProgressException",
                       "RequestLimitExceeded", "BandwidthLimitExceeded", "SlowDown",
                       "PriorRequestNotComplete", "EC2ThrottledException"});
}

// Out of date, or replaced and deleted: other credentials may be there by now.
bool outdated(std::string_view code) {
  return any_of(code, {"ExpiredToken", "ExpiredTokenException", "RequestExpiredToken",
                       "InvalidClientTokenId", "UnrecognizedClientException"});
}

bool about_the_signature(std::string_view code) {
  return any_of(code, {"RequestTimeTooSkewed", "RequestExpired", "InvalidSignatureException",
                       "SignatureDoesNotMatch", "IncompleteSignature"});
}

bool refused(std::string_view code) {
  return code.starts_with("AccessDenied") || holds(code, "Unauthorized") ||
         holds(code, "NotAuthorized") ||
         any_of(code, {"AuthorizationError", "AuthorizationErrorException", "InvalidClientTokenId",
                       "UnrecognizedClientException", "MissingAuthenticationToken",
                       "RegionDisabledException", "OptInRequired"});
}

bool overtaken(std::string_view code) {
  return holds(code, "Conflict") ||
         any_of(code, {"InvalidApprovalTokenException", "ApprovalAlreadyCompletedException",
                       "DuplicatedStopRequestException", "PipelineExecutionNotStoppableException",
                       "StageNotRetryableException", "NotLatestPipelineExecutionException",
                       "PipelineExecutionOutdatedException"});
}

// What AWS says is shown on one line of the log and no longer than it needs to be.
std::string cleaned(std::string_view text) {
  constexpr std::size_t longest = 300;
  return message::one_line(text, longest);
}

}  // namespace

Remedy remedy_of(const Failure& failure) {
  if (throttled(failure.code)) return Remedy::back_off;
  if (outdated(failure.code)) return Remedy::refresh_credentials;
  if (about_the_signature(failure.code)) return Remedy::adopt_clock;
  if (any_of(failure.code, {"RequestTimeout", "RequestTimeoutException", "IDPCommunicationError"}))
    return Remedy::repeat;
  if (failure.status == 429) return Remedy::back_off;
  const bool passing = failure.status == 500 || failure.status == 502 || failure.status == 503 ||
                       failure.status == 504;
  return passing ? Remedy::repeat : Remedy::none;
}

Errc errc_of(const Failure& failure) {
  const auto& code = failure.code;
  if (remedy_of(failure) == Remedy::back_off || holds(code, "LimitExceeded")) return Errc::limited;
  if (refused(code) || outdated(code) || about_the_signature(code)) return Errc::denied;
  if (overtaken(code)) return Errc::conflict;
  if (holds(code, "NotFound") || code.starts_with("NoSuch")) return Errc::not_found;
  if (failure.status == 401 || failure.status == 403) return Errc::denied;
  if (failure.status >= 500 || remedy_of(failure) == Remedy::repeat) return Errc::unavailable;
  return Errc::invalid;
}

Error error_of(const Failure& failure, std::string_view operation) {
  const auto code = failure.code.empty() ? "HTTP " + std::to_string(failure.status) : failure.code;
  auto log = std::string{operation} + ": " + code;
  // The message about a signature repeats the signed headers, the session token among them.
  const bool safe = !about_the_signature(failure.code);
  if (safe && !failure.message.empty()) log += ": " + cleaned(failure.message);
  if (!failure.request_id.empty()) log += " (request " + cleaned(failure.request_id) + ")";
  auto person = "AWS answered " + std::string{operation} + " with " + code + ".";
  return error(errc_of(failure), ForLog{std::move(log)}, ForPerson{std::move(person)}, code);
}

std::string plain_code(std::string_view code) {
  if (const auto hash = code.find('#'); hash != code.npos) code.remove_prefix(hash + 1);
  code = code.substr(0, code.find(':'));
  constexpr std::size_t longest = 128;
  std::string out{code.substr(0, longest)};
  std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; });
  return out;
}

}  // namespace ringi::aws
