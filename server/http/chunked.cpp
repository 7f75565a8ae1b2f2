#include "server/http/chunked.hpp"

#include <algorithm>
#include <optional>

namespace ringi::http {
namespace {

constexpr std::size_t max_size_digits = 8;  // 4 GiB; the limit of the body is far below
constexpr std::size_t max_extension = 256;  // bytes on one size line

std::optional<std::size_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::size_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::size_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::size_t>(c - 'A' + 10);
  return std::nullopt;
}

bool is_extension_char(char c) {
  return c == '\t' || (c >= 0x20 && c < 0x7f);
}

}  // namespace

ChunkedBody::State ChunkedBody::feed(std::string_view& bytes) {
  while (!bytes.empty()) {
    if (expect_ == Expect::data) {
      take_data(bytes);
      continue;
    }
    const char c = bytes.front();
    bytes.remove_prefix(1);
    const auto state = feed_one(c);
    if (state != State::incomplete) return state;
  }
  return State::incomplete;
}

void ChunkedBody::take_data(std::string_view& bytes) {
  const auto count = std::min(chunk_, bytes.size());
  body_.append(bytes.substr(0, count));
  bytes.remove_prefix(count);
  chunk_ -= count;
  if (chunk_ == 0) expect_ = Expect::data_cr;
}

ChunkedBody::State ChunkedBody::feed_one(char c) {
  const auto step = [this, c](char wanted, Expect then) {
    expect_ = then;
    return c == wanted ? State::incomplete : State::malformed;
  };
  switch (expect_) {
    case Expect::size:
      if (const auto digit = hex_digit(c); digit && digits_ < max_size_digits) {
        chunk_ = chunk_ * 16 + *digit;
        ++digits_;
        return State::incomplete;
      }
      return digits_ == 0 ? State::malformed : end_of_size(c);
    case Expect::extension:
      return end_of_size(c);
    case Expect::size_lf:
      if (chunk_ > limit_ - body_.size()) return State::too_large;
      return step('\n', chunk_ == 0 ? Expect::last_cr : Expect::data);
    case Expect::data_cr:
      return step('\r', Expect::data_lf);
    case Expect::data_lf:
      digits_ = extension_ = 0;
      return step('\n', Expect::size);
    case Expect::last_cr:
      return step('\r', Expect::last_lf);
    case Expect::last_lf:
      return c == '\n' ? State::complete : State::malformed;
    case Expect::data:
      break;
  }
  return State::malformed;
}

// After the digits: CR, or a ";" and what an extension is made of.
ChunkedBody::State ChunkedBody::end_of_size(char c) {
  if (c == '\r') {
    expect_ = Expect::size_lf;
    return State::incomplete;
  }
  const bool begins = expect_ == Expect::size;
  expect_ = Expect::extension;
  const bool fits = ++extension_ <= max_extension && is_extension_char(c);
  return fits && (!begins || c == ';') ? State::incomplete : State::malformed;
}

}  // namespace ringi::http
