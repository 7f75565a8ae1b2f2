#include "server/aws/endpoints.hpp"

#include "handlers/types/partition.hpp"
#include "server/net/address.hpp"

#include <algorithm>
#include <array>

namespace ringi::aws {
namespace {

constexpr std::string_view all_services = "AWS_ENDPOINT_URL";

bool belongs_to_aws(const net::Address& address) {
  static constexpr std::array<std::string_view, 10> suffixes{
      ".amazonaws.com",  ".amazonaws.com.cn",
      ".api.aws",        ".api.amazonwebservices.com.cn",
      ".amazonaws.eu",   ".api.amazonwebservices.eu",
      ".c2s.ic.gov",     ".sc2s.sgov.gov",
      ".cloud.adc-e.uk", ".csp.hci.ic.gov"};
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

Endpoint endpoint_at(const net::Address& address) {
  const auto host = net::authority(address);
  return {.url = address.scheme + "://" + host + address.path, .host = host, .path = address.path};
}

}  // namespace

Result<Endpoints> Endpoints::make(const Environment& environment, bool allow_stand_ins) {
  Endpoints endpoints;
  if (variable(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == "true") return endpoints;
  for (const auto& [name, address] : environment) {
    const auto service = service_named_in(name);
    if (address.empty() || !service) continue;
    if (!service->empty() && !has_service_id(*service)) {
      endpoints.ignored_.push_back(name);
      continue;
    }
    if (const auto why = objection(address, allow_stand_ins))
      return error(Errc::invalid, name + " " + *why);
    endpoints.overrides_[*service] = address;
  }
  return endpoints;
}

Endpoint Endpoints::resolve(const Service& service, const Region& region) const {
  auto chosen = overrides_.find(service.service_id);
  if (chosen == overrides_.end()) chosen = overrides_.find("");
  if (chosen != overrides_.end()) return endpoint_at(*net::parse_base_address(chosen->second));
  const auto& partition = partition_of(region);
  const auto host = std::string{service.endpoint_prefix} + "." + region.str() + "." +
                    std::string{partition.dns_suffix};
  return {.url = "https://" + host + "/", .host = host, .path = "/"};
}

}  // namespace ringi::aws
