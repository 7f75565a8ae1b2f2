#include "handlers/message/english_operators.hpp"

namespace ringi::message::english {
namespace {

Text cause(const Error& why) {
  return code(code_of(why)) + ", " + plain(why.log.text, 600);
}

Text mend(const Error& why) {
  if (why.service_code == "AWSOrganizationsNotInUseException")
    return " ringi's own credentials belong to an account of no organization: use those of its"
           " management account, or set `discover = false`.";
  if (why.code == Errc::denied)
    return " ringi's own credentials need `organizations:ListAccounts` and `ListTagsForResource`, "
           "in"
           " the management account or a delegated administrator.";
  return {};
}

}  // namespace

Text organization_away(const Error& why, std::optional<Time> as_of) {
  const Text age = as_of ? "as of " + date(*as_of) : Text{"of the configuration alone"};
  return "AWS Organizations could not be read: " + cause(why) + ". The accounts " + age +
         " stay in force; ringi goes on trying." + mend(why);
}

Text organization_back() {
  return "AWS Organizations can be read again.";
}

Text queue_away(std::string_view arn, const Error& why) {
  return "The queue " + code(arn) + " has not been readable for 5 minutes: " + cause(why) +
         ". What it holds waits there; ringi goes on trying.";
}

Text queue_back(std::string_view arn) {
  return "The queue " + code(arn) + " can be read again.";
}

}  // namespace ringi::message::english
