#include "handlers/desk/denied.hpp"

#include <utility>

namespace ringi::desk {

ports::Entry denied(const Delivery& delivery, Caller caller, Via via, std::string wanted,
                    const access::Decision& decision) {
  return {.kind = "access.denied",
          .actor = std::move(caller),
          .reason = decision.reason,
          .because = decision.because(),
          .via = std::move(via),
          .request = delivery.id.str(),
          .details = {{"wanted", std::move(wanted)}},
          .once = "access.denied:" + delivery.id.str()};
}

}  // namespace ringi::desk
