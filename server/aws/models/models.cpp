#include "server/aws/models/models.hpp"

#include "facts_index.hpp"

#include <algorithm>
#include <stdexcept>

// Of cmake/facts.S.
extern "C" const char ringi_facts[];

namespace ringi::aws {

const Model* Models::find(std::string_view service) {
  const auto known = read_.find(service);
  if (known != read_.end()) return &known->second;
  const auto place = std::ranges::lower_bound(places, service, {}, &Place::name);
  if (place == places.end() || place->name != service) return nullptr;
  auto model = read_model({ringi_facts + place->offset, place->size});
  if (model.has_error()) throw std::logic_error(model.error().log.text);
  return &read_.emplace(place->name, std::move(model).value()).first->second;
}

std::vector<std::string_view> service_names() {
  std::vector<std::string_view> names;
  std::ranges::transform(places, std::back_inserter(names), &Place::name);
  return names;
}

std::string service_variable(std::string_view id) {
  std::string variable{id};
  for (char& c : variable) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == ' ') c = '_';
  }
  return variable;
}

bool has_service_variable(std::string_view variable) {
  return std::ranges::any_of(
      places, [&](const Place& place) { return service_variable(place.id) == variable; });
}

}  // namespace ringi::aws
