#include "server/app/readiness.hpp"

namespace ringi::app {
namespace {

constexpr Duration patience = std::chrono::seconds{1};

}  // namespace

Task<bool> Readiness::store_answers() {
  if (!look_ || look_->landed()) {
    look_ = std::make_shared<runtime::Flight<void>>();
    beside_.spawn("look at the store", runtime::fly(look_, store_.ping()));
  }
  const auto answer = co_await runtime::Flight<void>::wait(look_, patience);
  co_return answer && answer->has_value();
}

}  // namespace ringi::app
