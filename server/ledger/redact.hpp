#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ringi::ledger {

// Takes out what looks like a secret, before it can be written for ever. It errs on the side of
// taking out too much: a word lost from a reason can be asked for, a published key must be changed.
class Redactor {
 public:
  // `variables`: globs over names of variables, in any case ([ledger] redact_variables).
  explicit Redactor(std::vector<std::string> variables);

  std::string text(std::string_view text) const;
  // The value of something that has a name: all of it, where the name says so.
  std::string value(std::string_view name, std::string_view value) const;

 private:
  bool names_secret(std::string_view name) const;
  std::size_t assignment(std::string_view text, std::size_t at, std::size_t& keep) const;

  std::vector<std::string> variables_;  // upper case
};

}  // namespace ringi::ledger
