#include "handlers/access/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace ringi::access {
namespace {

// A word from a person; longer ones are no typing error of a name.
constexpr std::size_t longest_word = 128;

// Levenshtein's distance where a swap of two neighbours counts as one edit ("wbe" is "web").
std::size_t edits(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before(to.size() + 1), last(to.size() + 1), row(to.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(last, row);
  }
  return last.back();
}

std::optional<std::string> only_one_beginning_with(std::string_view word,
                                                   const std::vector<std::string>& candidates) {
  const auto begins = [word](const std::string& candidate) { return candidate.starts_with(word); };
  const auto first = std::ranges::find_if(candidates, begins);
  if (first == candidates.end()) return std::nullopt;
  if (std::any_of(std::next(first), candidates.end(), begins)) return std::nullopt;
  return *first;
}

}  // namespace

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > longest_word) return std::nullopt;
  std::size_t fewest = word.size() <= 3 ? 2 : 3;  // exclusive
  const std::string* best = nullptr;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > word.size() + 2 || word.size() > candidate.size() + 2) continue;
    const std::size_t distance = edits(word, candidate);
    if (distance >= fewest) continue;
    fewest = distance;
    best = &candidate;
  }
  if (best) return *best;
  return only_one_beginning_with(word, candidates);
}

}  // namespace ringi::access
