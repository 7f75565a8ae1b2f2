#include "handlers/types/resource.hpp"

namespace ringi {

std::string to_string(const PipelineRef& ref) {
  return ref.account.str() + "/" + ref.pipeline.str() + "@" + ref.region.str();
}

}  // namespace ringi
