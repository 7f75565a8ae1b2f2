#pragma once

#include "server/config/config.hpp"

// One reader for each group of sections; what is wrong goes to the reader's problems.
namespace ringi::config {

class Reader;

void read_server(Reader& top, Config& config);        // [server] [store] [ledger]
void read_slack(Reader& top, Config& config);         // [slack] [groups] [people]
void read_aws(Reader& top, Config& config);           // [aws] [aws.sns] [realms]
void read_organization(Reader& top, Config& config);  // [organization]
void read_accounts(Reader& top, Config& config);      // [[accounts]]
void read_teams(Reader& top, Config& config);         // [teams]; of an included file too
void read_environments(Reader& top, Config& config);  // [environments]
void read_policy(Reader& top, Config& config);        // [[policy]]

}  // namespace ringi::config
