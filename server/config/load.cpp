#include "server/config/load.hpp"

#include "server/config/consistency.hpp"
#include "server/config/digest.hpp"
#include "server/config/reader.hpp"
#include "server/config/sections.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace ringi::config {
namespace {

class Loader {
 public:
  Loader(const std::string& path, Files& files) : files_(files) { config_.file = path; }

  Loaded run() {
    read_main();
    config_.hash = digest_of(sources_);
    sort(problems_, config_.file);
    Loaded loaded{.as_read = std::move(config_), .problems = std::move(problems_)};
    if (loaded.problems.empty()) loaded.config = loaded.as_read;
    return loaded;
  }

 private:
  std::optional<Value> parse(const std::string& file) {
    auto text = files_.read(file);
    if (text.has_error()) {
      problems_.push_back({{file}, "", "cannot be read: " + text.error().log.text, ""});
      return std::nullopt;
    }
    sources_.push_back({file, *text});
    return parse_toml(*text, file, problems_);
  }

  void read_main() {
    const auto value = parse(config_.file);
    if (!value) return;
    Reader top{*value, "", config_.file, problems_};
    read_server(top, config_);
    read_slack(top, config_);
    read_aws(top, config_);
    read_organization(top, config_);
    read_accounts(top, config_);
    read_teams(top, config_);
    read_environments(top, config_);
    read_policy(top, config_);
    top.refuse({"freeze", "alerts", "cloudtrail"});
    include(top);
    top.finish();
    make_consistent(config_, problems_);
  }

  void include(Reader& top) {
    std::set<std::string> seen{config_.file};
    top.each_text("include", [&](const Value& item, const std::string& path) {
      const auto found = files_.matching(beside(config_.file, item.text));
      const bool glob = item.text.find_first_of("*?[") != std::string::npos;
      if (found.empty() && !glob) {
        top.problem_at(item, path, "there is no such file", "name a file or a glob");
      }
      for (const std::string& file : found) {
        if (seen.insert(file).second) read_included(file);
      }
    });
  }

  void read_included(const std::string& file) {
    const auto value = parse(file);
    if (!value) return;
    Reader top{*value, "", file, problems_};
    read_teams(top, config_);
    top.refuse({"alerts"});
    for (const std::string& key : top.keys()) {
      if (key == "teams" || key == "alerts") continue;
      top.find(key);
      top.problem(key, "an included file may hold [teams.*] alone", "move it to the main file");
    }
    top.finish();
  }

  Files& files_;
  Config config_;
  Problems problems_;
  std::vector<Source> sources_;
};

}  // namespace

void sort(Problems& problems, const std::string& main_file) {
  std::ranges::stable_sort(problems, {}, [&main_file](const Problem& problem) {
    return std::tuple{problem.place.file != main_file, problem.place.file, problem.place.line};
  });
}

Loaded load(const std::string& path, Files& files) {
  return Loader{path, files}.run();
}

}  // namespace ringi::config
