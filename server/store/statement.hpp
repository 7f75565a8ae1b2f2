#pragma once

#include "server/store/session.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

namespace ringi::store {

// A statement with the places that its parameters and columns are bound to.
template <class Row, class... Values>
class Prepared final : public Session::Idle {
 public:
  Prepared(Session& sql, std::string_view text) : statement{sql} {
    std::apply([&](auto&... columns) { (statement.exchange(soci::into(columns)), ...); }, row);
    std::apply([&](auto&... bound) { (statement.exchange(soci::use(bound)), ...); }, values);
    statement.alloc();
    statement.prepare(std::string{text});
    statement.define_and_bind();
  }

  // The one that this session keeps for `text`, or a new one. A text has one kind of parameters and
  // columns; where it came with others, it is prepared anew.
  static std::unique_ptr<Prepared> of(Session& sql, std::string_view text) {
    auto idle = sql.take(text);
    if (auto* known = dynamic_cast<Prepared*>(idle.get())) {
      idle.release();
      return std::unique_ptr<Prepared>{known};
    }
    return std::make_unique<Prepared>(sql, text);
  }

  Row row;
  std::tuple<Values...> values;
  soci::statement statement;  // goes first: it refers to the two above
};

// Runs one statement; its parameters are bound in order, each named once. Returns the rows changed.
template <class... Values>
std::int64_t execute(Session& sql, std::string_view text, const Values&... values) {
  auto prepared = Prepared<std::tuple<>, Values...>::of(sql, text);
  prepared->values = std::tie(values...);
  prepared->statement.execute(true);
  const auto changed = prepared->statement.get_affected_rows();
  sql.keep(text, std::move(prepared));
  return changed;
}

// Calls `each(row)` for every row. Row is a std::tuple; no column may be NULL.
template <class Row, class Each, class... Values>
void for_each_row(Session& sql, std::string_view text, const Each& each, const Values&... values) {
  auto prepared = Prepared<Row, Values...>::of(sql, text);
  prepared->values = std::tie(values...);
  prepared->statement.execute();
  while (prepared->statement.fetch()) each(prepared->row);
  sql.keep(text, std::move(prepared));
}

template <class Row, class... Values>
std::vector<Row> select(Session& sql, std::string_view text, const Values&... values) {
  std::vector<Row> rows;
  for_each_row<Row>(
      sql, text, [&](const Row& row) { rows.push_back(row); }, values...);
  return rows;
}

}  // namespace ringi::store
