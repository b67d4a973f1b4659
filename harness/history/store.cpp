#include "history/store.hpp"

#include <fmt/format.h>
#include <soci/soci.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>

#include "history/measurement_text.hpp"
#include "history/migrations.hpp"
#include "history/store_address.hpp"
#include "history/transaction.hpp"
#include "record/user_error.hpp"

namespace soak::history {
namespace fs = std::filesystem;
namespace {

/// What to do about it, by what the database says.
std::string advice(const std::string& message) {
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

/// Neither text nor names in a database can hold a NUL.
std::string storable(std::string text) {
  std::ranges::replace(text, '\0', ' ');
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

/// Where not even a reader may leave the files that WAL has beside the database.
FileMode reading_mode(const std::string& file) {
  std::error_code ignored;
  const auto folder = fs::absolute(file).parent_path();
  const bool alone = !fs::exists(file + "-wal", ignored);
  return alone && access(folder.c_str(), W_OK) != 0 ? FileMode::immutable : FileMode::read;
}

void create_folder_of(const std::string& file) {
  std::error_code error;
  fs::create_directories(fs::absolute(file).parent_path(), error);  // what goes wrong the database says
}

}  // namespace

struct Store::Connection {
  std::string shown;  ///< The address as messages name it.
  soci::session session;
  std::map<std::string, std::int64_t> scenario_ids;

  /// Runs `work`, and turns what SOCI throws into what this store promises to throw.
  template <typename Work>
  auto guarded(const Work& work) {
    try {
      return work();
    } catch (const soci::soci_error& error) {
      const auto message = one_line(error.get_error_message());
      const auto what_to_do = advice(message);
      throw StoreError(fmt::format("{}: {}{}{}", shown, message, what_to_do.empty() ? "" : "; ", what_to_do));
    }
  }

  void open(const std::string& address, Access access) {
    if (is_postgresql(address)) return session.open("postgresql", postgresql_connection(address));
    if (access == Access::read) {
      require_file(address);
      return session.open("sqlite3", sqlite_connection(address, reading_mode(address)));
    }
    create_folder_of(address);
    session.open("sqlite3", sqlite_connection(address, FileMode::create));
    session << "PRAGMA synchronous = NORMAL";  // in WAL mode a crash of the machine loses the last runs, no more
  }

  void load_scenario_ids() {
    const soci::rowset<soci::row> rows = (session.prepare << "SELECT name, scenario_id FROM soak_scenarios");
    for (const auto& row : rows) scenario_ids[row.get<std::string>(0)] = id_of(row, 1);
  }

  /// A number that the database gave: its type is the backend's choice.
  static std::int64_t id_of(const soci::row& row, std::size_t column) {
    switch (row.get_properties(column).get_data_type()) {
      case soci::dt_integer:
        return row.get<int>(column);
      case soci::dt_long_long:
        return row.get<long long>(column);
      default:
        return std::stoll(row.get<std::string>(column));
    }
  }

  /// In an order that is the same for all writers, and before any run is begun: two that add the same names at once
  /// would else wait for each other.
  void add_scenario_names(const MeasuredRun& run) {
    std::set<std::string> missing;
    for (const auto& measurement : run.measurements)
      if (auto name = storable(measurement.scenario); !scenario_ids.contains(name)) missing.insert(std::move(name));
    if (missing.empty()) return;
    Transaction transaction(session);
    for (const auto& name : missing)
      session << "INSERT INTO soak_scenarios (name) VALUES (:name) ON CONFLICT (name) DO NOTHING", soci::use(name);
    transaction.commit();
    load_scenario_ids();
  }

  struct Found {
    long long run_id = 0;
    bool completed = false;
  };
  std::optional<Found> find(const std::string& uid) {
    Found found;
    int completed = 0;
    session << "SELECT run_id, completed FROM soak_runs WHERE uid = :uid", soci::use(uid), soci::into(found.run_id),
        soci::into(completed);
    if (!session.got_data()) return {};
    found.completed = completed != 0;
    return found;
  }

  /// Empty where another writer was first.
  std::optional<long long> insert_run(const RunInfo& run) {
    const auto name = storable(run.id), fingerprint = fingerprint_text(run.fingerprint),
               record = storable(run.record);
    const int dirty = run.dirty ? 1 : 0, completed = run.completed ? 1 : 0;
    long long run_id = 0;
    session << "INSERT INTO soak_runs (uid, name, started_at, commit_hash, dirty, completed, fingerprint, record) "
               "VALUES (:uid, :name, :started_at, :commit_hash, :dirty, :completed, :fingerprint, :record) "
               "ON CONFLICT (uid) DO NOTHING RETURNING run_id",
        soci::use(run.uid), soci::use(name), soci::use(run.started_at), soci::use(run.commit), soci::use(dirty),
        soci::use(completed), soci::use(fingerprint), soci::use(record), soci::into(run_id);
    return session.got_data() ? std::optional(run_id) : std::nullopt;
  }

  void insert_results(long long run_id, const std::vector<Measurement>& measurements) {
    long long scenario_id = 0, iterations = 0;
    int position = 0, threads = 1;
    std::string verdict, trouble, figures, details;
    soci::statement insert =
        (session.prepare << "INSERT INTO soak_results (run_id, scenario_id, position, verdict, iterations, threads, "
                            "trouble, figures, details) VALUES (:run_id, :scenario_id, :position, :verdict, "
                            ":iterations, :threads, :trouble, :figures, :details)",
         soci::use(run_id), soci::use(scenario_id), soci::use(position), soci::use(verdict), soci::use(iterations),
         soci::use(threads), soci::use(trouble), soci::use(figures), soci::use(details));
    for (const auto& measurement : measurements) {
      scenario_id = scenario_ids.at(storable(measurement.scenario));
      iterations = measurement.iterations;
      threads = measurement.threads;
      verdict = measurement.verdict;
      trouble = storable(measurement.trouble);
      figures = figures_text(measurement.figures);
      details = details_text(measurement);
      insert.execute(true);
      ++position;
    }
  }

  void remove(long long run_id) {
    session << "DELETE FROM soak_results WHERE run_id = :run_id", soci::use(run_id);
    session << "DELETE FROM soak_runs WHERE run_id = :run_id", soci::use(run_id);
  }

  Added add(const MeasuredRun& run) {
    add_scenario_names(run);
    Transaction transaction(session);
    const auto there = find(run.info.uid);
    if (there && (there->completed || !run.info.completed)) return Added::already_there;
    if (there) remove(there->run_id);
    const auto run_id = insert_run(run.info);
    if (!run_id) return Added::already_there;
    insert_results(*run_id, run.measurements);
    transaction.commit();
    return there ? Added::completed : Added::added;
  }
};

Store::Store(const std::string& address, Access access) : connection_(std::make_unique<Connection>()) {
  connection_->shown = printable_address(address);
  connection_->guarded([&] {
    connection_->open(address, access);
    if (access == Access::write)
      migrate(connection_->session, connection_->shown);
    else
      require_newest_schema(connection_->session, connection_->shown);
    connection_->load_scenario_ids();
  });
}

Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

Added Store::add(const MeasuredRun& run) {
  return connection_->guarded([&] { return connection_->add(run); });
}

std::vector<RunInfo> Store::runs() {
  return connection_->guarded([&] {
    std::vector<RunInfo> runs;
    const soci::rowset<soci::row> rows =
        (connection_->session.prepare << "SELECT uid, name, started_at, commit_hash, dirty, completed, fingerprint, "
                                         "record FROM soak_runs ORDER BY started_at DESC, name DESC, uid");
    for (const auto& row : rows)
      runs.push_back({.uid = row.get<std::string>(0),
                      .id = row.get<std::string>(1),
                      .started_at = row.get<std::string>(2),
                      .commit = row.get<std::string>(3),
                      .dirty = row.get<int>(4) != 0,
                      .completed = row.get<int>(5) != 0,
                      .fingerprint = read_fingerprint(row.get<std::string>(6), connection_->shown),
                      .record = row.get<std::string>(7)});
    return runs;
  });
}

MeasuredRun Store::load(const RunInfo& run) {
  return connection_->guarded(
      [&] {
        MeasuredRun measured{run, {}};
        Measurement one;
        std::string figures, details;
        long long iterations = 0;
        soci::statement select =
            (connection_->session.prepare
                 << "SELECT s.name, r.verdict, r.iterations, r.threads, r.trouble, r.figures, r.details FROM "
                    "soak_results r "
                    "JOIN soak_scenarios s ON s.scenario_id = r.scenario_id "
                    "WHERE r.run_id = (SELECT run_id FROM soak_runs WHERE uid = :uid) ORDER BY r.position",
             soci::use(run.uid), soci::into(one.scenario), soci::into(one.verdict), soci::into(iterations),
             soci::into(one.threads), soci::into(one.trouble), soci::into(figures), soci::into(details));
        select.execute();
        while (select.fetch()) {
          auto& measurement = measured.measurements.emplace_back(one);
          measurement.iterations = iterations;
          measurement.figures = read_figures(figures, connection_->shown);
          read_details(details, connection_->shown, measurement);
        }
        return measured;
      });
}

std::vector<ScenarioResult> Store::results(const std::vector<RunInfo>& runs,
                                           const std::vector<std::string>& scenarios) {
  return connection_->guarded([&] {
    std::map<std::string, std::size_t> index_of;
    for (std::size_t i = 0; i < runs.size(); ++i) index_of[runs[i].uid] = i;
    std::vector<ScenarioResult> results;
    for (const auto& scenario : scenarios) {
      const auto id = connection_->scenario_ids.find(storable(scenario));
      if (id == connection_->scenario_ids.end()) continue;
      const long long scenario_id = id->second;
      std::string uid, figures;
      long long iterations = 0;
      soci::statement select = (connection_->session.prepare
                                    << "SELECT u.uid, r.iterations, r.figures FROM soak_results r JOIN soak_runs u "
                                       "ON u.run_id = r.run_id WHERE r.scenario_id = :scenario_id",
                                soci::use(scenario_id), soci::into(uid), soci::into(iterations), soci::into(figures));
      select.execute();
      while (select.fetch())
        if (const auto run = index_of.find(uid); run != index_of.end())
          results.push_back({run->second, scenario, iterations, read_figures(figures, connection_->shown)});
    }
    return results;
  });
}

std::vector<std::string> Store::scenario_names() {
  std::vector<std::string> names;
  for (const auto& [name, id] : connection_->scenario_ids) names.push_back(name);
  return names;
}

std::size_t Store::remove(const std::vector<RunInfo>& runs) {
  return connection_->guarded([&] {
    std::size_t removed = 0;
    Transaction transaction(connection_->session);
    for (const auto& run : runs)
      if (const auto found = connection_->find(run.uid)) {
        connection_->remove(found->run_id);
        ++removed;
      }
    transaction.commit();
    return removed;
  });
}

const std::string& Store::name() const { return connection_->shown; }

std::string default_store(const std::string& configured, const std::string& results_folder) {
  return configured.empty() ? (fs::path(results_folder) / "history.db").string() : configured;
}

}  // namespace soak::history
