#pragma once

#include "server/config/config.hpp"

#include <optional>
#include <string>
#include <string_view>

// Addresses, networks, URLs, topics and queues, checked as they are written.
namespace ringi::config {

std::optional<Listen> parse_listen(std::string_view text);        // "0.0.0.0:8443", "[::]:8443"
std::optional<std::string> parse_network(std::string_view text);  // "10.0.0.0/8", "192.0.2.7"
std::optional<std::string> parse_public_url(
    std::string_view text);  // https, no path; slash taken off
std::optional<std::string> parse_https_url(std::string_view text);
// https, or http on this machine; ends with a slash afterwards.
std::optional<std::string> parse_api_url(std::string_view text);
// https, or http on this machine, with a path, so that a prefix never ends inside a host's name.
std::optional<std::string> parse_url_prefix(std::string_view text);
std::optional<std::string> parse_store_url(std::string_view text);
std::optional<std::string> parse_origin(std::string_view text);  // of checkpoints: C2SP signed-note
// An SNS topic's ARN with globs; the account is 12 digits or "{accounts}", never a glob.
std::optional<std::string> parse_topic(std::string_view text);

// An SQS queue's ARN, without globs; its region one of its partition.
std::optional<Queue> parse_queue(std::string_view text);

bool on_this_machine(std::string_view url);

}  // namespace ringi::config
