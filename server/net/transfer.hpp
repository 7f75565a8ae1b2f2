#pragma once

#include "server/net/address.hpp"
#include "server/net/curl_transport.hpp"

#include <curl/curl.h>

#include <memory>
#include <optional>
#include <string>

namespace ringi::net {

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;

// One call on one easy handle. Used from the transport's thread only.
class Transfer {
 public:
  Transfer(Call call, Address address);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Takes a handle that may have served other calls; `this` must not move from here on.
  void prepare(Easy easy, const TransportOptions& options);
  CURL* easy() const { return easy_.get(); }
  Easy take_easy() { return std::move(easy_); }
  const std::string& host() const { return address_.host; }
  const std::string& purpose() const { return call_.purpose; }

  // What became of it.
  Result<Answer> outcome(CURLcode code);

 private:
  struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_read(char* to, std::size_t size, std::size_t count, void* self);
  void set_rules(const TransportOptions& options);
  void set_request();
  void add_header(const std::string& line);
  bool was_sent() const;

  Call call_;
  Address address_;
  Easy easy_;
  std::unique_ptr<curl_slist, ListDeleter> headers_;
  std::size_t body_sent_ = 0;
  bool too_large_ = false;
  Answer answer_;
};

}  // namespace ringi::net
