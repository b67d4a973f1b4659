#include "history/store_connection.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/user_error.hpp"

namespace soak::history {
namespace fs = std::filesystem;

namespace {

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

/// What to do about an error, by the database's message; empty if that is not known.
std::string advice(const std::string& as_said) {
  const auto message = lower_case(as_said);
  const auto says = [&message](std::string_view words) { return message.find(words) != std::string::npos; };
  if (says("locked")) return "another process is writing to it; try again";
  if (says("readonly") || says("read-only"))
    return "it may not be written; make it writable or name another store with --store";
  if (says("not a database") || says("malformed"))
    return "it is left as it is; move it away, and soak history import makes a new one of the records";
  if (says("connect") || says("server closed") || says("terminating"))
    return "is the server running? What was not stored is in its record: soak history import adds it";
  return {};
}

std::string one_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '.')) text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  std::ranges::replace(text, '\t', ' ');
  return text;
}

void require_file(const std::string& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored))
    throw UserError(
        fmt::format("{}: there is no history yet; soak run adds to it, soak history import reads records "
                    "that are there",
                    file));
}

/// Immutable if not even a reader may make the files that WAL keeps beside the database.
FileMode reading_mode(const std::string& file) {
  std::error_code ignored;
  const auto folder = fs::absolute(file).parent_path();
  const bool alone = !fs::exists(file + "-wal", ignored);
  return alone && access(folder.c_str(), W_OK) != 0 ? FileMode::immutable : FileMode::read;
}

void create_folder_of(const std::string& file) {
  std::error_code error;
  fs::create_directories(fs::absolute(file).parent_path(), error);  // the database reports what went wrong
}

}  // namespace

void rethrow_as_store_error(const soci::soci_error& error, const std::string& shown) {
  const auto message = one_line(error.get_error_message());
  const auto what_to_do = advice(message);
  throw StoreError(fmt::format("{}: {}{}{}", shown, message, what_to_do.empty() ? "" : "; ", what_to_do));
}

void open_session(soci::session& session, const std::string& address, Access access) {
  if (is_postgresql(address)) return session.open("postgresql", postgresql_connection(address));
  if (access == Access::read) {
    require_file(address);
    return session.open("sqlite3", sqlite_connection(address, reading_mode(address)));
  }
  create_folder_of(address);
  session.open("sqlite3", sqlite_connection(address, FileMode::create));
  session << "PRAGMA synchronous = NORMAL";  // in WAL mode a crash of the machine loses the last runs, no more
}

namespace {

constexpr std::string_view scheme = "postgresql://";

/// The path as a file: URI inside SOCI's quotes needs it.
std::string percent_encoded(const std::string& path) {
  std::string encoded;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/._-").find(c) != std::string_view::npos;
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

std::string with_parameter(const std::string& address, std::string_view name, std::string_view value) {
  if (address.find(fmt::format("{}=", name)) != std::string::npos) return address;
  return fmt::format("{}{}{}={}", address, address.find('?') == std::string::npos ? '?' : '&', name, value);
}

}  // namespace

bool is_postgresql(const std::string& address) { return address.starts_with(scheme); }

std::string printable_address(const std::string& address) {
  if (!is_postgresql(address)) return address;
  auto text = address;
  if (const auto key = text.find("password="); key != std::string::npos) {
    const auto begin = key + std::string_view("password=").size();
    text.replace(begin, std::min(text.find('&', begin), text.size()) - begin, "***");
  }
  const auto authority_end = std::min(text.find_first_of("/?", scheme.size()), text.size());
  const auto at = text.rfind('@', authority_end);
  if (at == std::string::npos || at < scheme.size() || at > authority_end) return text;
  const auto colon = text.find(':', scheme.size());
  return colon < at ? text.replace(colon + 1, at - colon - 1, "***") : text;
}

std::string sqlite_connection(const std::string& file, FileMode mode) {
  const auto path = percent_encoded(std::filesystem::absolute(file).string());
  const auto* const query = mode == FileMode::immutable ? "?immutable=1" : "";
  return fmt::format("db=\"file:{}{}\" timeout=120{}", path, query, mode == FileMode::create ? "" : " readonly=1");
}

std::string postgresql_connection(const std::string& address) {
  return with_parameter(with_parameter(address, "connect_timeout", "10"), "tcp_user_timeout", "60000");
}

bool is_sqlite(soci::session& session) { return session.get_backend_name() == "sqlite3"; }

Transaction::Transaction(soci::session& session) : session_(session) {
  session_ << (is_sqlite(session_) ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    session_ << "ROLLBACK";
  } catch (const soci::soci_error&) {
    // The connection is gone, and the transaction with it.
  }
}

void Transaction::commit() {
  session_ << "COMMIT";
  open_ = false;
}

namespace {

using Steps = std::vector<std::vector<std::string>>;

// A step that was released never changes; changes are new steps. {id} is a number that the database assigns, the only
// point in which both databases differ.
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

/// The version that this soak reads and writes.
int newest_schema() { return static_cast<int>(steps().size()); }

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

/// 0 if there is no schema yet.
int schema_of(soci::session& session) {
  if (!has_schema_table(session)) return 0;
  return count_of(session, "SELECT coalesce(max(version), 0) FROM soak_schema");
}

/// Refuses a file that has tables already: it was meant for something else. A PostgreSQL database may be shared.
void require_ours(soci::session& session, const std::string& name) {
  if (is_sqlite(session) && count_of(session, "SELECT count(*) FROM sqlite_master") > 0)
    throw StoreError(fmt::format("{}: is a database of something else; name another file with --store", name));
}

// The lock's key is arbitrary, but every soak must use the same.
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
