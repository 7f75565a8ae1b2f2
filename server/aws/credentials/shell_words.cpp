#include "server/aws/credentials/shell_words.hpp"

#include <utility>

namespace ringi::aws {
namespace {

constexpr char none = '\0';

// Inside "…" a backslash stands for itself, but before these.
bool is_escaped(char quote, char next) {
  return quote == none || next == '"' || next == '\\' || next == '$' || next == '`';
}

class Splitter {
 public:
  // false: the line ends after a backslash.
  bool take(std::string_view& line) {
    const char c = line.front();
    line.remove_prefix(1);
    if (c == '\\' && quote_ != '\'') {
      if (line.empty()) return false;
      if (is_escaped(quote_, line.front())) {
        add(line.front());
        line.remove_prefix(1);
        return true;
      }
    }
    if (quote_ != none) {
      c == quote_ ? void(quote_ = none) : add(c);
    } else if (c == '\'' || c == '"') {
      quote_ = c;
      begun_ = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      end_word();
    } else {
      add(c);
    }
    return true;
  }

  bool quoted() const { return quote_ != none; }

  std::vector<std::string> words() {
    end_word();
    return std::move(words_);
  }

 private:
  void add(char c) {
    word_ += c;
    begun_ = true;
  }
  void end_word() {
    if (begun_) words_.push_back(std::exchange(word_, {}));
    begun_ = false;
  }

  std::vector<std::string> words_;
  std::string word_;
  bool begun_ = false;  // a word may be empty: ''
  char quote_ = none;
};

}  // namespace

std::optional<std::vector<std::string>> shell_words(std::string_view line) {
  Splitter splitter;
  while (!line.empty())
    if (!splitter.take(line)) return std::nullopt;
  if (splitter.quoted()) return std::nullopt;
  return splitter.words();
}

}  // namespace ringi::aws
