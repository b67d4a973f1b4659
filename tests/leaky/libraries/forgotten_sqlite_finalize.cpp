// A prepared statement that is not finalized. SQLite can tell which ones are left, if it is asked; nobody asks.
#include <sqlite3.h>

#include <memory>
#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close_v2)>;

Database open_in_memory() {
  sqlite3* database = nullptr;
  if (sqlite3_open(":memory:", &database) != SQLITE_OK) throw std::runtime_error("no database");
  return {database, &sqlite3_close_v2};
}

template <Twin twin>
int count_tables(sqlite3* database) {
  sqlite3_stmt* query = nullptr;
  const char* const text = "SELECT count(*) FROM sqlite_master WHERE type = 'table'";
  if (sqlite3_prepare_v2(database, text, -1, &query, nullptr) != SQLITE_OK)  // leaks here
    throw std::runtime_error(sqlite3_errmsg(database));
  const int tables = sqlite3_step(query) == SQLITE_ROW ? sqlite3_column_int(query, 0) : 0;
  if constexpr (twin == Twin::fixed)
    sqlite3_finalize(query);
  else
    sqlite3_reset(query);
  return tables;
}

template <Twin twin>
void forgotten_sqlite_finalize(benchmark::State& state) {
  const auto database = open_in_memory();
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(count_tables<twin>(database.get()));
}
LEAKY_TWINS(forgotten_sqlite_finalize, 1000);

}  // namespace
}  // namespace leaky
