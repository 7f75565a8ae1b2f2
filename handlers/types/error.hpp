#pragma once

#include <string>
#include <string_view>

namespace ringi {

// Why something expected failed. Each value says when it arises; the text is in Error.
enum class Errc {
  invalid,          // the input is at fault; it will not help to repeat it
  not_found,        // what was named does not exist, or is not visible to us
  denied,           // a rule says no, ours or the other side's
  conflict,         // somebody else was first, or the state moved on
  limited,          // a rate limit; may be repeated later
  unavailable,      // the other side did not answer or answered 5xx; may be repeated later
  unknown_outcome,  // a request was sent and its answer lost: it may have taken effect
  timeout,          // our own deadline passed
  ask_again,        // who may do what could not be read: nothing was done and nothing will be; the
                    // person asks again
  cancelled,        // we were told to stop; not an error, never logged as one
  internal,         // a promise of our own code or of the store is broken
};

std::string_view name_of(Errc code);

// True where a later repeat of the same request may succeed.
bool is_transient(Errc code);

// What the log may hold: detail for operators, never a secret, never a request body.
struct ForLog {
  std::string text;
};

// What a person in Slack may read: one plain sentence.
struct ForPerson {
  std::string text;
};

// An expected failure. Two texts of two types, so that the log's detail cannot reach a person by
// mistake.
struct Error {
  Errc code = Errc::internal;
  ForLog log;
  ForPerson person;
  std::string service_code;  // the other side's own code ("InvalidApprovalTokenException",
                             // "channel_not_found"), else ""
};

// The other side's own code, and ours where it gave none.
std::string code_of(const Error& error);

// Both audiences read the same sentence.
Error error(Errc code, std::string sentence);
Error error(Errc code, ForLog log, ForPerson person, std::string service_code = {});

}  // namespace ringi
