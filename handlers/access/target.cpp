#include "handlers/access/target.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ringi::access {
namespace {

// Region names are AREA-PLACE-NUMBER in every partition (botocore's endpoints.json, regionRegex).
constexpr std::array<std::string_view, 18> areas = {
    "us", "eu",     "ap",     "sa",      "ca",      "me",      "af",      "il", "mx",
    "cn", "us-gov", "us-iso", "us-isob", "us-isof", "eu-isoe", "eusc-de", "nz", "ar"};
constexpr std::array<std::string_view, 9> places = {"north",     "south",     "east",
                                                    "west",      "central",   "northeast",
                                                    "northwest", "southeast", "southwest"};

Error malformed() {
  return error(Errc::invalid,
               "That is not a target. Write ACCOUNT/PIPELINE or ACCOUNT/PIPELINE@REGION.");
}

}  // namespace

bool is_region_name(std::string_view text) {
  if (!Region::parse(text)) return false;
  const std::string_view words = text.substr(0, text.rfind('-'));
  const auto dash = words.rfind('-');
  return std::ranges::find(areas, words.substr(0, dash)) != areas.end() &&
         std::ranges::find(places, words.substr(dash + 1)) != places.end();
}

Result<Target> parse_target(std::string_view text) {
  Target target;
  if (const auto slash = text.find('/'); slash != text.npos) {
    if (slash == 0) return malformed();
    target.account = text.substr(0, slash);
    text.remove_prefix(slash + 1);
  }
  if (const auto at = text.rfind('@'); at != text.npos && is_region_name(text.substr(at + 1))) {
    target.region = Region::parse(text.substr(at + 1));
    text = text.substr(0, at);
  }
  auto pipeline = PipelineName::parse(text);
  if (!pipeline) return malformed();
  target.pipeline = *std::move(pipeline);
  return target;
}

}  // namespace ringi::access
