#pragma once

#include "server/aws/models/model.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ringi::aws {

// Every service of AWS that ringi can reach, each read when it is first asked for. One thread at a
// time; the models live as long as this does.
class Models {
 public:
  // nullptr: not a service that this version knows. Throws std::logic_error where the program was
  // built from broken facts.
  const Model* find(std::string_view service);

 private:
  std::map<std::string_view, Model> read_;
};

std::vector<std::string_view> service_names();  // in order

// Whether AWS_ENDPOINT_URL_<variable> is about one of them: "SECRETS_MANAGER".
bool has_service_variable(std::string_view variable);
// "Secrets Manager" -> "SECRETS_MANAGER".
std::string service_variable(std::string_view id);

}  // namespace ringi::aws
