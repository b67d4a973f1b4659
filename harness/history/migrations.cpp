#include "history/migrations.hpp"

#include <fmt/format.h>

#include <vector>

#include "history/store.hpp"
#include "history/store_connection.hpp"

namespace soak::history {
namespace {

using Steps = std::vector<std::vector<std::string>>;

// A step that was released is never changed: what comes later is another step. {id} is a number that the database
// gives; it is all in which both databases differ.
const Steps& steps() {
  static const Steps all = {{
      R"(CREATE TABLE soak_runs (
  run_id {id},
  uid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  started_at TEXT NOT NULL,
  commit_hash TEXT NOT NULL,
  dirty INTEGER NOT NULL,
  completed INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  record TEXT NOT NULL))",
      R"(CREATE TABLE soak_scenarios (
  scenario_id {id},
  name TEXT NOT NULL UNIQUE))",
      // The details come last: SQLite reads a row only as far as it is asked for.
      R"(CREATE TABLE soak_results (
  run_id BIGINT NOT NULL REFERENCES soak_runs,
  scenario_id BIGINT NOT NULL REFERENCES soak_scenarios,
  position INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  iterations BIGINT NOT NULL,
  threads INTEGER NOT NULL,
  trouble TEXT NOT NULL,
  figures TEXT NOT NULL,
  details TEXT NOT NULL,
  PRIMARY KEY (run_id, scenario_id)))",
      "CREATE INDEX soak_runs_of_commit ON soak_runs (commit_hash)",
      "CREATE INDEX soak_results_of_scenario ON soak_results (scenario_id, run_id)",
  }};
  return all;
}

std::string for_backend(std::string statement, soci::session& session) {
  const std::string placeholder = "{id}";
  if (const auto at = statement.find(placeholder); at != std::string::npos)
    statement.replace(at, placeholder.size(),
                      is_sqlite(session) ? "INTEGER PRIMARY KEY" : "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY");
  return statement;
}

int count_of(soci::session& session, const std::string& query) {
  int count = 0;
  session << query, soci::into(count);
  return count;
}

bool has_schema_table(soci::session& session) {
  return count_of(session, is_sqlite(session)
                               ? "SELECT count(*) FROM sqlite_master WHERE name = 'soak_schema'"
                               : "SELECT count(*) FROM pg_class WHERE oid = to_regclass('soak_schema')") > 0;
}

/// A PostgreSQL database may well be shared with others; a file that has tables already was meant for something else.
void require_ours(soci::session& session, const std::string& name) {
  if (is_sqlite(session) && count_of(session, "SELECT count(*) FROM sqlite_master") > 0)
    throw StoreError(fmt::format("{}: is a database of something else; name another file with --store", name));
}

// Any number, the same everywhere.
constexpr const char* lock_migrations = "SELECT pg_advisory_xact_lock(7365616, 107)";

void make_steps(soci::session& session, int from) {
  for (int version = from + 1; version <= newest_schema(); ++version) {
    for (const auto& statement : steps()[static_cast<std::size_t>(version - 1)])
      session << for_backend(statement, session);
    session << "INSERT INTO soak_schema (version) VALUES (:version)", soci::use(version);
  }
}

[[noreturn]] void refuse_newer(int version, const std::string& name) {
  throw StoreError(
      fmt::format("{}: was made by a newer soak (schema {}, this one knows {}); use that soak, or another "
                  "store with --store",
                  name, version, newest_schema()));
}

}  // namespace

int newest_schema() { return static_cast<int>(steps().size()); }

int schema_of(soci::session& session) {
  if (!has_schema_table(session)) return 0;
  return count_of(session, "SELECT coalesce(max(version), 0) FROM soak_schema");
}

void migrate(soci::session& session, const std::string& name) {
  if (const int version = schema_of(session); version > newest_schema()) refuse_newer(version, name);
  if (schema_of(session) == newest_schema()) return;
  if (is_sqlite(session)) {
    std::string mode;  // readers and one writer do not wait for each other; stays with the file
    session << "PRAGMA journal_mode = WAL", soci::into(mode);
  }
  Transaction transaction(session);
  if (!is_sqlite(session)) session << lock_migrations;
  if (!has_schema_table(session)) {
    require_ours(session, name);
    session << "CREATE TABLE soak_schema (version INTEGER NOT NULL PRIMARY KEY)";
  }
  make_steps(session, schema_of(session));
  transaction.commit();
}

void require_newest_schema(soci::session& session, const std::string& name) {
  const int version = schema_of(session);
  if (version > newest_schema()) refuse_newer(version, name);
  if (version < newest_schema())
    throw StoreError(fmt::format("{}: {}", name,
                                 version == 0 ? "holds no history of soak; soak run and soak history import add to it"
                                              : "is of an older schema; soak history import brings it up to date"));
}

}  // namespace soak::history
