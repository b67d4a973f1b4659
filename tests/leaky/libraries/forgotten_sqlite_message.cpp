// The message of sqlite3_exec is the caller's to free; the one who only logs it forgets.
#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;

Database open_in_memory() {
  sqlite3* database = nullptr;
  if (sqlite3_open(":memory:", &database) != SQLITE_OK) throw std::runtime_error("no database");
  return {database, &sqlite3_close};
}

/// Empty where the statement succeeded.
template <Twin twin>
std::string failure_of(sqlite3* database, const char* statement) {
  char* message = nullptr;
  if (sqlite3_exec(database, statement, nullptr, nullptr, &message) == SQLITE_OK) return {};  // leaks here
  std::string failure = message;
  if constexpr (twin == Twin::fixed) sqlite3_free(message);
  return failure;
}

template <Twin twin>
void forgotten_sqlite_message(benchmark::State& state) {
  const auto database = open_in_memory();
  for (auto _ : soak::checkpoints(state))
    benchmark::DoNotOptimize(failure_of<twin>(database.get(), "DELETE FROM downloads_of_yesterday"));
}
LEAKY_TWINS(forgotten_sqlite_message, 1000);

}  // namespace
}  // namespace leaky
