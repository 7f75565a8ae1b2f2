#pragma once

#include "server/aws/client/environment.hpp"
#include "server/aws/credentials/files.hpp"

#include <map>
#include <string>
#include <string_view>

namespace ringi::aws {

// One profile's keys, or all sections of a file, as AWS's shared files hold them.
using Section = std::map<std::string, std::string, std::less<>>;
using Sections = std::map<std::string, Section, std::less<>>;

// `[name]` sections, `key = value`, `#` and `;` comments; nested blocks (lines that are indented
// more than the section's own) are passed over, since no credential stands in one.
Sections parse_profiles(std::string_view text);

// "" when absent.
std::string_view value_of(const Section& section, std::string_view key);

// Both files, as a profile's reader wants them.
struct Profiles {
  std::string config_file;  // their paths
  std::string credentials_file;
  Sections config;       // by name of the profile
  Sections credentials;  // by name of the profile
  Sections sso_sessions;

  bool knows(std::string_view profile) const;
  // What both files say of it; the credentials file wins key by key.
  Section merged(std::string_view profile) const;
  std::string files() const;  // "CONFIG nor CREDENTIALS", for errors
};

// AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, else those in ~/.aws. A file that is not there
// is empty.
Profiles read_profiles(const Environment& environment, const ReadFile& read_file);

}  // namespace ringi::aws
