#include "server/aws/credentials/given.hpp"

#include "server/aws/client/members.hpp"
#include "server/aws/protocol/instant.hpp"

#include <nlohmann/json.hpp>

namespace ringi::aws {

using nlohmann::json;

std::optional<Credentials> given_in(const json& object, const GivenNames& names) {
  if (!object.is_object()) return std::nullopt;
  Credentials given{.access_key_id = text_at(object, names.id),
                    .secret_access_key = config::Secret{text_at(object, names.secret)},
                    .session_token = config::Secret{text_at(object, names.token)}};
  if (given.access_key_id.empty() || given.secret_access_key.empty()) return std::nullopt;
  const auto expires = object.find(names.expires);
  if (expires == object.end() || expires->is_null()) return given;
  given.expires = parse_instant(text_at(object, names.expires));
  return given.expires ? std::optional{given} : std::nullopt;
}

}  // namespace ringi::aws
