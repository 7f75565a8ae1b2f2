#include "server/aws/client/endpoints.hpp"

#include "handlers/types/partition.hpp"
#include "server/aws/models/models.hpp"
#include "server/net/address.hpp"

#include <algorithm>
#include <array>

namespace ringi::aws {
namespace {

constexpr std::string_view all_services = "AWS_ENDPOINT_URL";

bool belongs_to_aws(const net::Address& address) {
  static constexpr std::array<std::string_view, 14> suffixes{".amazonaws.com",
                                                             ".amazonaws.com.cn",
                                                             ".amazonaws.eu",
                                                             ".api.aws",
                                                             ".c2s.ic.gov",
                                                             ".api.aws.ic.gov",
                                                             ".sc2s.sgov.gov",
                                                             ".api.aws.scloud",
                                                             ".cloud.adc-e.uk",
                                                             ".api.cloud-aws.adc-e.uk",
                                                             ".csp.hci.ic.gov",
                                                             ".api.aws.hci.ic.gov",
                                                             ".api.amazonwebservices.com.cn",
                                                             ".api.amazonwebservices.eu"};
  return std::ranges::any_of(suffixes, [&](auto suffix) { return address.host.ends_with(suffix); });
}

// "STS" of AWS_ENDPOINT_URL_STS, "" of AWS_ENDPOINT_URL; nullopt: another variable.
std::optional<std::string> service_named_in(std::string_view variable) {
  if (!variable.starts_with(all_services)) return std::nullopt;
  const auto rest = variable.substr(all_services.size());
  if (rest.empty()) return std::string{};
  if (rest.size() < 2 || rest.front() != '_') return std::nullopt;
  return std::string{rest.substr(1)};
}

// The services that ringi calls of itself; "": all.
bool is_needed(std::string_view service) {
  static constexpr std::array<std::string_view, 8> needed{
      "", "CODEPIPELINE", "ORGANIZATIONS", "SECRETS_MANAGER", "SNS", "SQS", "SSM", "STS"};
  return std::ranges::find(needed, service) != needed.end();
}

// nullopt: allowed. Otherwise what is wrong with it.
std::optional<std::string> objection(const std::string& address, bool allow_stand_ins) {
  const auto where = net::parse_base_address(address);
  if (!where) return "is not an address of the form https://host[:port][/path]";
  if (net::is_loopback(*where)) return std::nullopt;
  if (where->scheme != "https") return "must be https: http is for this machine alone";
  if (!allow_stand_ins && !belongs_to_aws(*where))
    return "names " + where->host +
           ", which is neither AWS's nor this machine: set [aws] "
           "allow_stand_ins = true if that is meant";
  return std::nullopt;
}

// This machine has one name.
Endpoint endpoint_at(const net::Address& address, std::string signing_region) {
  return {.scheme = address.scheme,
          .host = net::authority(address),
          .signing_region = std::move(signing_region),
          .path = address.path,
          .takes_host_prefix = !net::is_loopback(address)};
}

std::string replaced(std::string text, std::string_view label, std::string_view value) {
  if (const auto at = text.find(label); at != text.npos) text.replace(at, label.size(), value);
  return text;
}

std::string filled(std::string_view pattern, const Region& region) {
  const auto& partition = partition_of(region);
  auto text = replaced(std::string{pattern}, "{region}", region.str());
  text = replaced(std::move(text), "{dual}", partition.dual_stack_suffix);
  return replaced(std::move(text), "{suffix}", partition.dns_suffix);
}

struct Patterns {
  std::string host, signing_region;
};

Patterns place_of(const Model& service, const Region& region) {
  const auto partition = partition_of(region).name;
  const auto fits = [&](const Whereabouts& place) {
    const bool here = place.partition == "*" || place.partition == partition;
    return here && (place.regions.empty() ||
                    std::ranges::find(place.regions, region.str()) != place.regions.end());
  };
  const auto found = std::ranges::find_if(service.places, fits);
  if (found != service.places.end())
    return {std::string{found->host}, std::string{found->signing_region}};
  return {std::string{service.endpoint_prefix} + ".{region}.{suffix}", "{region}"};
}

}  // namespace

std::string Endpoint::url() const {
  return scheme + "://" + host + path + (query.empty() ? "" : "?" + query);
}

Endpoint Endpoint::with(const WireRequest& request) const {
  auto whole = *this;
  if (takes_host_prefix) whole.host.insert(0, request.host_prefix);
  whole.query = request.query;
  if (request.path == "/") return whole;
  if (whole.path.ends_with('/')) whole.path.pop_back();
  whole.path += request.path;
  return whole;
}

Result<Endpoints> Endpoints::make(const Environment& environment, bool allow_stand_ins) {
  Endpoints endpoints;
  if (variable(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == "true") return endpoints;
  for (const auto& [name, address] : environment) {
    const auto service = service_named_in(name);
    if (address.empty() || !service) continue;
    if (!service->empty() && !has_service_variable(*service)) {
      endpoints.unknown_.push_back(name);
      continue;
    }
    const auto why = objection(address, allow_stand_ins);
    if (why && is_needed(*service)) return error(Errc::invalid, name + " " + *why);
    if (why) {
      endpoints.refused_[*service] = name + " " + *why;
    } else {
      endpoints.overrides_[*service] = address;
    }
  }
  return endpoints;
}

std::vector<std::string> Endpoints::ignored() const {
  auto names = unknown_;
  for (const auto& [service, why] : refused_)
    names.push_back(std::string{all_services} + "_" + service);
  std::ranges::sort(names);
  return names;
}

Result<Endpoint> Endpoints::resolve(const Model& service, const Region& region) const {
  const auto refused = refused_.find(service_variable(service.id));
  if (refused != refused_.end()) return error(Errc::denied, refused->second + ".");
  const auto place = place_of(service, region);
  auto signing_region = filled(place.signing_region, region);
  auto chosen = overrides_.find(service_variable(service.id));
  if (chosen == overrides_.end()) chosen = overrides_.find("");
  if (chosen != overrides_.end())
    return endpoint_at(*net::parse_base_address(chosen->second), std::move(signing_region));
  return Endpoint{.scheme = "https",
                  .host = filled(place.host, region),
                  .signing_region = std::move(signing_region)};
}

}  // namespace ringi::aws
