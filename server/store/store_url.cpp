#include "server/store/store_url.hpp"

#include <libpq-fe.h>
#include <map>
#include <memory>

namespace ringi::store {
namespace {

constexpr const char* sqlite_prefix = "sqlite:";

// A store that is away must show within seconds; a URL that says otherwise wins.
const std::map<std::string, std::string> postgresql_defaults{
    {"application_name", "ringi"},
    {"connect_timeout", "5"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "10000"},
    {"client_encoding", "UTF8"},
    // After a failover the old address may still lead to what is a standby now.
    {"target_session_attrs", "primary"},
};

std::string quoted(const std::string& value) {
  std::string text{"'"};
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

Result<StoreUrl> parse_sqlite(const std::string& path) {
  if (path.empty() || path.find('"') != std::string::npos)
    return error(Errc::invalid, "[store] url: after \"sqlite:\" the path of a file is expected");
  // Nothing that SOCI would ask the file at once: it waits for no lock before the session is set up
  // (dialect.cpp).
  return StoreUrl{Database::sqlite, "db=\"" + path + "\"", path, {}};
}

Result<StoreUrl> parse_postgresql(const std::string& text) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{
      PQconninfoParse(text.c_str(), &message), PQconninfoFree};
  PQfreemem(message);  // it may quote the URL, and so the password
  if (!options) return error(Errc::invalid, "[store] url: not a URL that libpq can read");

  std::map<std::string, std::string> given{postgresql_defaults};
  for (const auto* option = options.get(); option->keyword != nullptr; ++option)
    if (option->val != nullptr) given[option->keyword] = option->val;
  StoreUrl url{Database::postgresql, {}, {}, given["password"]};
  for (const auto& [key, value] : given)
    if (!value.empty()) url.connect += key + "=" + quoted(value) + " ";
  return url;
}

}  // namespace

Result<StoreUrl> parse_store_url(const std::string& text) {
  if (text.starts_with(sqlite_prefix))
    return parse_sqlite(text.substr(std::char_traits<char>::length(sqlite_prefix)));
  if (text.starts_with("postgresql://") || text.starts_with("postgres://"))
    return parse_postgresql(text);
  return error(Errc::invalid,
               "[store] url: \"sqlite:/path\" or \"postgresql://host/database\" is expected");
}

}  // namespace ringi::store
