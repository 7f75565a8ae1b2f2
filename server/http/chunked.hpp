#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ringi::http {

// Takes a chunked body apart (RFC 9112 section 7.1), byte by byte as it arrives. Chunk extensions
// are skipped within bounds; trailers are refused: nobody who calls us sends them.
class ChunkedBody {
 public:
  enum class State { incomplete, complete, malformed, too_large };

  explicit ChunkedBody(std::size_t limit) : limit_(limit) {}

  // Takes from the front of `bytes` what belongs to the body and leaves what follows it.
  State feed(std::string_view& bytes);
  std::string take() { return std::move(body_); }

 private:
  enum class Expect { size, extension, size_lf, data, data_cr, data_lf, last_cr, last_lf };

  State feed_one(char c);
  State end_of_size(char c);
  void take_data(std::string_view& bytes);

  std::size_t limit_;
  std::string body_;
  Expect expect_ = Expect::size;
  std::size_t chunk_ = 0;   // bytes of the current chunk still to come
  std::size_t digits_ = 0;  // of its size line
  std::size_t extension_ = 0;
};

}  // namespace ringi::http
