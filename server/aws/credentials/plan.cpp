#include "server/aws/credentials/plan.hpp"

#include "server/aws/credentials/environment_sources.hpp"
#include "server/aws/credentials/profile_sources.hpp"

#include <algorithm>
#include <utility>

namespace ringi::aws {
namespace {

// The first of two names that AWS's tools read.
std::string profile_in(const Environment& environment) {
  for (const std::string_view name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"})
    if (const auto named = variable(environment, name); !named.empty()) return std::string{named};
  return {};
}

class Planner {
 public:
  Planner(const Environment& environment, const std::string& configured, const ReadFile& read_file)
      : environment_(environment),
        configured_(!configured.empty()),
        profile_(configured_ ? configured : profile_in(environment)),
        named_(!profile_.empty()),
        profiles_(read_profiles(environment, read_file)) {
    if (!named_) profile_ = "default";
  }

  Result<Plan> plan() {
    for (const auto step :
         {&Planner::environment, &Planner::profile, &Planner::container, &Planner::instance}) {
      auto source = (this->*step)();
      if (source.has_error()) return source.error();
      if (*source) return Plan{**std::move(source), std::move(passed_over_)};
    }
    return error(Errc::invalid, "no AWS credentials: " + text_of(passed_over_));
  }

 private:
  using Step = Result<std::optional<Source>>;

  Step pass(std::string source, std::string why) {
    passed_over_.push_back({std::move(source), std::move(why)});
    return std::optional<Source>{};
  }

  Step environment() {
    if (configured_) return pass("environment", "aws.profile is set, and goes before it");
    return found(keys_in(environment_), "environment", "AWS_ACCESS_KEY_ID is not set");
  }

  Step profile() {
    const auto name = "profile " + profile_;
    if (named_ && !profiles_.knows(profile_))
      return error(Errc::invalid, name + " is in neither " + profiles_.files() +
                                      ": add it there, or name another in " +
                                      (configured_ ? "aws.profile" : "AWS_PROFILE"));
    // The variables of a pod's service account belong to whoever has chosen no profile.
    const auto& variables = configured_ ? Environment{} : environment_;
    auto sources = ProfileSources{profiles_, environment_, variables};
    auto source = sources.find(profile_);
    if (source.has_error()) return source;
    return found(std::move(source), name,
                 profiles_.knows(profile_) ? "sets up no credentials"
                                           : "is in neither " + profiles_.files());
  }

  Step container() {
    return found(
        container_in(environment_), "container",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are "
        "not set");
  }

  Step instance() {
    return found(instance_in(environment_), "instance metadata",
                 "AWS_EC2_METADATA_DISABLED is true");
  }

  Step found(Step source, const std::string& name, const std::string& else_why) {
    if (source.has_error() || *source) return source;
    return pass(name, else_why);
  }

  const Environment& environment_;
  bool configured_;  // in our own configuration
  std::string profile_;
  bool named_;
  Profiles profiles_;
  std::vector<PassedOver> passed_over_;
};

}  // namespace

Result<Plan> plan_credentials(const Environment& environment, const std::string& profile,
                              const ReadFile& read_file) {
  return Planner{environment, profile, read_file}.plan();
}

std::string text_of(const std::vector<PassedOver>& passed_over) {
  std::string text;
  for (const auto& one : passed_over)
    text += (text.empty() ? "" : "; ") + one.source + ": " + one.why;
  return text;
}

}  // namespace ringi::aws
