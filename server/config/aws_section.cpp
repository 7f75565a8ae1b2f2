#include "server/config/addresses.hpp"
#include "server/config/names.hpp"
#include "server/config/reader.hpp"
#include "server/config/sections.hpp"

#include <algorithm>

namespace ringi::config {
namespace {

// Further prefixes of signing certificates exist for stand-ins only.
void read_certificate_urls(Reader& table, Aws& aws) {
  table.each_text("certificate_urls", [&](const Value& item, const std::string& path) {
    const auto prefix = parse_url_prefix(item.text);
    if (!prefix) {
      table.expected_at(item, path, "a prefix with a path: \"https://127.0.0.1:4566/\"");
    } else if (!aws.allow_stand_ins && !on_this_machine(*prefix)) {
      table.problem_at(item, path, "names another machine",
                       "only with [aws] allow_stand_ins = true");
    } else {
      aws.certificate_urls.push_back(*prefix);
    }
  });
}

void read_sns(Reader& table, Aws& aws) {
  aws.topics = table.all("topics",
                         "a topic's ARN; its region one of its partition, or a glob; its account "
                         "12 digits or {accounts}, never a glob: "
                         "\"arn:aws:sns:*:{accounts}:ringi-approvals\"",
                         parse_topic);
  read_certificate_urls(table, aws);
}

void read_sqs(Reader& table, Aws& aws) {
  table.each_text("queues", [&](const Value& item, const std::string& path) {
    const auto queue = parse_queue(item.text);
    if (!queue) {
      table.expected_at(item, path,
                        "a queue's ARN: \"arn:aws:sqs:ap-northeast-1:111122223333:ringi\"");
    } else if (std::ranges::find(aws.queues, *queue) != aws.queues.end()) {
      table.problem_at(item, path, "this queue stands twice", "take one out");
    } else {
      aws.queues.push_back(*queue);
    }
  });
}

Realm read_realm(const std::string& name, Reader& table) {
  Realm realm{.name = name, .place = table.place()};
  if (table.require("environments")) {
    realm.environments = table.all("environments", expected_name, parse_name);
  }
  realm.base_role =
      table
          .parsed("base_role", "a role's ARN: \"arn:aws:iam::111122223333:role/x\"", parse_role_arn)
          .value_or("");
  return realm;
}

}  // namespace

void read_aws(Reader& top, Config& config) {
  top.section("aws", [&](Reader& table) {
    Aws& aws = config.aws;
    aws.region = table.required("region", expected_region, Region::parse);
    aws.profile = table.text("profile");
    aws.profile_at = table.place("profile");
    if (!table.text("console").empty()) {
      aws.console = table.parsed("console", "an https address", parse_https_url).value_or("");
    }
    aws.allow_stand_ins = table.boolean("allow_stand_ins", false);
    table.section("sns", [&](Reader& sns) { read_sns(sns, aws); });
    table.section("sqs", [&](Reader& sqs) { read_sqs(sqs, aws); });
    table.refuse({"events"});
  });
  top.each_named("realms", [&](const std::string& name, Reader& table) {
    if (!parse_name(name)) table.problem("", "not a realm's name", "write a name without spaces");
    config.realms.push_back(read_realm(name, table));
  });
}

}  // namespace ringi::config
