#pragma once

#include "server/http/types.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringi::http {

// Why a request is not taken: the status and the one word of the error body.
struct Refusal {
  int status = 400;
  std::string_view word = "malformed";
  friend bool operator==(const Refusal&, const Refusal&) = default;
};
[[noreturn]] void throw_exception_from_error(const Refusal& refusal,
                                             const boost::source_location& where);

// How the bytes after the head are framed: at most one of the two (RFC 9112 section 6.3).
struct Framing {
  std::size_t length = 0;  // Content-Length; the largest size_t where it has more digits than that
  bool chunked = false;
  bool has_body() const { return chunked || length > 0; }
};

// A head that passed every check.
struct Head {
  std::string method;
  std::string path;
  std::string query;
  std::vector<Header> headers;  // names in lower case
  Framing framing;
  bool keep_alive = false;  // HTTP/1.1 without "Connection: close"
  bool expects_continue = false;
};

// Looks for the end of a head in what has arrived. Line ends are CRLF alone: a bare CR or LF is
// refused as soon as it is seen, and so is NUL, since others read such bytes differently.
struct HeadScan {
  enum class State { incomplete, complete, malformed };
  State state = State::incomplete;
  std::size_t size = 0;  // of a complete head, with its empty line
};
HeadScan scan_head(std::string_view bytes);

// REQUIRES: scan_head() said that `head` is complete. Stricter than RFC 9112 asks: no folding, no
// absolute-form, no Content-Encoding, no repeated header on which a decision hangs, 100 headers.
// Beast's parser accepts some of these and hides the raw head, so the head is parsed here alone:
// two parsers of one message are how requests get smuggled.
boost::system::result<Head, Refusal> parse_head(std::string_view head);

}  // namespace ringi::http
