#pragma once

#include "handlers/ports/clock.hpp"
#include "handlers/types/requests.hpp"
#include "server/runtime/tasks.hpp"
#include "server/store/copies.hpp"

#include <deque>
#include <string>
#include <utility>

namespace ringi::slack {

// Where the answer to a form goes: the response_url of the click that opened it, kept under an
// opaque id that the form carries. The newest are in memory, so that a submission waits for no
// look-up; all are in the store (kind "click-url"), so that a restart between the two loses none.
class FormUrls {
 public:
  FormUrls(ports::Ids& ids, store::Copies& copies, runtime::TaskGroup& beside);

  // Does not wait for the store. The empty id for an empty URL.
  OpaqueId remember(const ResponseUrl& url);

  // The empty URL where nothing is known of it, or the store did not say so in time: the answer
  // then goes by direct message.
  Task<ResponseUrl> find(OpaqueId id);

  // Once its submission is stored, which carries the URL from then on.
  void forget(const OpaqueId& id);

 private:
  ports::Ids& ids_;
  store::Copies& copies_;
  runtime::TaskGroup& beside_;
  std::deque<std::pair<OpaqueId, ResponseUrl>> newest_;
};

}  // namespace ringi::slack
