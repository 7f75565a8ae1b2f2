#include "server/aws/session_policy.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>

namespace ringi::aws {
namespace {

constexpr std::size_t longest = 2048;  // characters

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// "service-name:Action". A wildcard would allow what nobody named.
bool names_one_action(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == 0 || colon == text.npos || colon + 1 == text.size()) return false;
  return std::ranges::all_of(text.substr(0, colon),
                             [](char c) { return is_alphanumeric(c) || c == '-'; }) &&
         std::ranges::all_of(text.substr(colon + 1), is_alphanumeric);
}

}  // namespace

Result<std::string> session_policy(const ports::IamActions& actions) {
  if (actions.empty())
    return error(Errc::denied, "A call that names no IAM action may do nothing.");
  for (const auto& action : actions)
    if (!names_one_action(action))
      return error(Errc::invalid, "\"" + action + "\" names no IAM action.");
  const nlohmann::json policy{
      {"Version", "2012-10-17"},
      {"Statement", {{{"Effect", "Allow"}, {"Action", actions}, {"Resource", "*"}}}}};
  auto text = policy.dump();
  if (text.size() > longest)
    return error(Errc::invalid, std::to_string(actions.size()) +
                                    " IAM actions are more than AWS takes for one session.");
  return text;
}

}  // namespace ringi::aws
