#include "server/aws/credentials/profile.hpp"

#include "server/aws/credentials/shell_words.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ringi::aws {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r");
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

std::string lower(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return result;
}

// " #" and " ;" start a comment after a value; inside a word they belong to it.
std::string_view without_comment(std::string_view value) {
  const auto mark = std::min(value.find(" #"), value.find(" ;"));
  return mark == value.npos ? value : trimmed(value.substr(0, mark));
}

std::string file_path(const Environment& environment, std::string_view name,
                      std::string_view usual) {
  const std::string home{variable(environment, "HOME")};
  const std::string named{variable(environment, name)};
  if (named.starts_with("~/")) return home + named.substr(1);
  return named.empty() ? home + "/.aws/" + std::string{usual} : named;
}

Sections read_sections(const ReadFile& read_file, const std::string& path) {
  const auto text = read_file(path);
  return text ? parse_profiles(*text) : Sections{};
}

// "[default]" and "[profile x]" are profiles, a name with blanks in quotes; "[sso-session x]" is
// what profiles refer to.
void sort_in(Profiles& profiles, Sections sections) {
  for (auto& [title, section] : sections) {
    if (title == "default") {
      profiles.config.try_emplace(title, std::move(section));
      continue;
    }
    const auto words = shell_words(title);
    if (!words || words->size() != 2) continue;
    const bool session = words->front() == "sso-session";
    if (session || words->front() == "profile")
      (session ? profiles.sso_sessions : profiles.config)[words->back()] = std::move(section);
  }
}

}  // namespace

std::string_view value_of(const Section& section, std::string_view key) {
  const auto found = section.find(key);
  return found == section.end() ? std::string_view{} : std::string_view{found->second};
}

bool Profiles::knows(std::string_view profile) const {
  return config.contains(profile) || credentials.contains(profile);
}

Section Profiles::merged(std::string_view profile) const {
  Section all;
  if (const auto found = credentials.find(profile); found != credentials.end()) all = found->second;
  if (const auto found = config.find(profile); found != config.end())
    all.insert(found->second.begin(), found->second.end());
  return all;
}

std::string Profiles::files() const {
  return config_file + " nor " + credentials_file;
}

Profiles read_profiles(const Environment& environment, const ReadFile& read_file) {
  Profiles profiles{
      .config_file = file_path(environment, "AWS_CONFIG_FILE", "config"),
      .credentials_file = file_path(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials")};
  profiles.credentials = read_sections(read_file, profiles.credentials_file);
  sort_in(profiles, read_sections(read_file, profiles.config_file));
  return profiles;
}

Sections parse_profiles(std::string_view text) {
  Sections sections;
  Section* section = nullptr;
  std::optional<std::size_t> indent;  // of the section's own keys
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    const auto raw = text.substr(from, end - from);
    const auto line = trimmed(raw);
    from = end + 1;
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      indent.reset();
      const auto close = line.find(']');
      section =
          close == line.npos ? nullptr : &sections[std::string{trimmed(line.substr(1, close - 1))}];
      continue;
    }
    const auto blanks = raw.find_first_not_of(" \t");
    const auto equals = line.find('=');
    if (!section || blanks > indent.value_or(blanks) || equals == line.npos) continue;
    indent = blanks;
    const auto key = lower(trimmed(line.substr(0, equals)));
    const auto value = trimmed(line.substr(equals + 1));
    // To a program's line both marks may belong.
    (*section)[key] = key == "credential_process" ? value : without_comment(value);
  }
  return sections;
}

}  // namespace ringi::aws
