#include "server/config/addresses.hpp"
#include "server/config/files.hpp"
#include "server/config/names.hpp"
#include "server/config/reader.hpp"
#include "server/config/sections.hpp"
#include "server/config/terms.hpp"

namespace ringi::config {
namespace {

constexpr std::string_view expected_listen =
    "an address and a port: \"0.0.0.0:8443\" or \"[::]:8443\"";

std::string path_beside(Reader& table, std::string_view key, const Config& config, bool required) {
  const std::string path = required ? table.required_text(key) : table.text(key);
  return path.empty() ? path : beside(config.file, path);
}

void read_listeners(Reader& table, Server& server) {
  server.listen = table.parsed("listen", expected_listen, parse_listen).value_or(server.listen);
  server.admin_listen =
      table.parsed("admin_listen", expected_listen, parse_listen).value_or(server.admin_listen);
  const Value* const health = table.find("health_listen");
  const bool none = health && health->kind == Value::Kind::text && health->text.empty();
  if (!none) server.health_listen = table.parsed("health_listen", expected_listen, parse_listen);
  server.trusted_proxies = table.all("trusted_proxies", "a network: \"10.0.0.0/8\"", parse_network);
}

// "s3:" is the contract's, but of a later version.
std::vector<std::string> read_publish(Reader& table) {
  std::vector<std::string> channels;
  table.each_text("publish", [&](const Value& item, const std::string& path) {
    if (const auto channel = parse_channel(item.text)) {
      channels.push_back(*channel);
    } else if (item.text.starts_with("s3:")) {
      table.problem_at(item, path, "publish to s3: not in this version", "name a channel");
    } else {
      table.expected_at(item, path, expected_channel);
    }
  });
  return channels;
}

void read_store(Reader& table, Config& config) {
  const auto url = table.parsed(
      "url", "\"sqlite:PATH\" or \"postgresql://USER@HOST/NAME\" without a password (PGPASSFILE)",
      parse_store_url);
  const std::string written = url.value_or(config.store_url);
  const std::string_view sqlite = "sqlite:";
  const bool file = written.starts_with(sqlite);
  config.store_url =
      file ? std::string{sqlite} + beside(config.file, written.substr(sqlite.size())) : written;
}

void read_ledger(Reader& table, Ledger& ledger) {
  ledger.origin = table.required(
      "origin", "a name without spaces and plus signs: \"chatops.example.com/ringi\"",
      parse_origin);
  if (table.require("key")) ledger.key = read_reference(table, "key").value_or(Reference{});
  ledger.publish = read_publish(table);
  if (table.has("redact_variables")) {
    ledger.redact_variables = table.all("redact_variables", "a glob: \"*TOKEN*\"", parse_glob);
  }
  table.find("redact_variables");
}

}  // namespace

void read_server(Reader& top, Config& config) {
  top.section("server", [&](Reader& table) {
    Server& server = config.server;
    read_listeners(table, server);
    server.public_url = table.required(
        "public_url", "an https address without a path: \"https://chatops.example.com\"",
        parse_public_url);
    server.ca_bundle = path_beside(table, "ca_bundle", config, false);
    server.certificate = path_beside(table, "certificate", config, true);
    server.private_key = path_beside(table, "private_key", config, true);
    server.ca_bundle_at = table.place("ca_bundle");
    server.certificate_at = table.place("certificate");
    server.private_key_at = table.place("private_key");
  });
  top.section("store", [&](Reader& table) { read_store(table, config); });
  top.section("ledger", [&](Reader& table) { read_ledger(table, config.ledger); });
}

}  // namespace ringi::config
