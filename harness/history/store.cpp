#include "history/store.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "history/measurement.hpp"
#include "history/store_connection.hpp"

namespace soak::history {
namespace fs = std::filesystem;

namespace {

/// A number that the database gave: its type is the backend's choice.
long long id_of(const soci::row& row, std::size_t column) {
  switch (row.get_properties(column).get_data_type()) {
    case soci::dt_integer:
      return row.get<int>(column);
    case soci::dt_long_long:
      return row.get<long long>(column);
    default:
      return std::stoll(row.get<std::string>(column));
  }
}

/// Neither text nor names in a database can hold a NUL.
std::string storable(std::string text) {
  std::ranges::replace(text, '\0', ' ');
  return text;
}

/// The rows of a run in the store, written and removed. Throws soci::soci_error.
class RunRows {
 public:
  explicit RunRows(soci::session& session) : session_(session) {}

  /// Reads the numbers that the store gave to names of scenarios.
  void load_scenario_ids();
  [[nodiscard]] const std::map<std::string, long long>& scenario_ids() const { return scenario_ids_; }

  /// Writes in transactions of its own.
  Added add(const MeasuredRun& run);
  /// Removes within the caller's transaction. False if there is no such run.
  bool remove(const std::string& uid);

 private:
  struct Found {
    long long run_id = 0;
    bool completed = false;
  };
  [[nodiscard]] std::optional<Found> find(const std::string& uid);
  void add_scenario_names(const MeasuredRun& run);
  [[nodiscard]] std::optional<long long> insert_run(const RunInfo& run);
  void insert_results(long long run_id, const std::vector<Measurement>& measurements);
  void remove(long long run_id);

  soci::session& session_;
  std::map<std::string, long long> scenario_ids_;
};

void RunRows::load_scenario_ids() {
  const soci::rowset<soci::row> rows = (session_.prepare << "SELECT name, scenario_id FROM soak_scenarios");
  for (const auto& row : rows) scenario_ids_[row.get<std::string>(0)] = id_of(row, 1);
}

/// All writers add names in the same order, and before they start a run: otherwise two that add the same names at
/// once would wait for each other.
void RunRows::add_scenario_names(const MeasuredRun& run) {
  std::set<std::string> missing;
  for (const auto& measurement : run.measurements)
    if (auto name = storable(measurement.scenario); !scenario_ids_.contains(name)) missing.insert(std::move(name));
  if (missing.empty()) return;
  Transaction transaction(session_);
  for (const auto& name : missing)
    session_ << "INSERT INTO soak_scenarios (name) VALUES (:name) ON CONFLICT (name) DO NOTHING", soci::use(name);
  transaction.commit();
  load_scenario_ids();
}

std::optional<RunRows::Found> RunRows::find(const std::string& uid) {
  Found found;
  int completed = 0;
  session_ << "SELECT run_id, completed FROM soak_runs WHERE uid = :uid", soci::use(uid), soci::into(found.run_id),
      soci::into(completed);
  if (!session_.got_data()) return {};
  found.completed = completed != 0;
  return found;
}

/// Empty if another writer was first.
std::optional<long long> RunRows::insert_run(const RunInfo& run) {
  const auto name = storable(run.id), fingerprint = fingerprint_text(run.fingerprint), record = storable(run.record);
  const int dirty = run.dirty ? 1 : 0, completed = run.completed ? 1 : 0;
  long long run_id = 0;
  session_ << "INSERT INTO soak_runs (uid, name, started_at, commit_hash, dirty, completed, fingerprint, record) "
              "VALUES (:uid, :name, :started_at, :commit_hash, :dirty, :completed, :fingerprint, :record) "
              "ON CONFLICT (uid) DO NOTHING RETURNING run_id",
      soci::use(run.uid), soci::use(name), soci::use(run.started_at), soci::use(run.commit), soci::use(dirty),
      soci::use(completed), soci::use(fingerprint), soci::use(record), soci::into(run_id);
  return session_.got_data() ? std::optional(run_id) : std::nullopt;
}

void RunRows::insert_results(long long run_id, const std::vector<Measurement>& measurements) {
  long long scenario_id = 0, iterations = 0;
  int position = 0, threads = 1;
  std::string verdict, trouble, figures, details;
  soci::statement insert =
      (session_.prepare << "INSERT INTO soak_results (run_id, scenario_id, position, verdict, iterations, threads, "
                           "trouble, figures, details) VALUES (:run_id, :scenario_id, :position, :verdict, "
                           ":iterations, :threads, :trouble, :figures, :details)",
       soci::use(run_id), soci::use(scenario_id), soci::use(position), soci::use(verdict), soci::use(iterations),
       soci::use(threads), soci::use(trouble), soci::use(figures), soci::use(details));
  for (const auto& measurement : measurements) {
    scenario_id = scenario_ids_.at(storable(measurement.scenario));
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

void RunRows::remove(long long run_id) {
  session_ << "DELETE FROM soak_results WHERE run_id = :run_id", soci::use(run_id);
  session_ << "DELETE FROM soak_runs WHERE run_id = :run_id", soci::use(run_id);
}

bool RunRows::remove(const std::string& uid) {
  const auto found = find(uid);
  if (found) remove(found->run_id);
  return found.has_value();
}

Added RunRows::add(const MeasuredRun& run) {
  add_scenario_names(run);
  Transaction transaction(session_);
  const auto there = find(run.info.uid);
  if (there && (there->completed || !run.info.completed)) return Added::already_there;
  if (there) remove(there->run_id);
  const auto run_id = insert_run(run.info);
  if (!run_id) return Added::already_there;
  insert_results(*run_id, run.measurements);
  transaction.commit();
  return there ? Added::completed : Added::added;
}

}  // namespace

struct Store::Connection {
  std::string shown;  ///< The address as messages name it.
  soci::session session;
  RunRows rows{session};

  /// Runs `work`, and turns what SOCI throws into what a store promises to throw.
  template <typename Work>
  auto guarded(const Work& work) {
    try {
      return work();
    } catch (const soci::soci_error& error) {
      rethrow_as_store_error(error, shown);
    }
  }
};

Store::Store(const std::string& address, Access access) : connection_(std::make_unique<Connection>()) {
  connection_->shown = printable_address(address);
  connection_->guarded([&] {
    open_session(connection_->session, address, access);
    if (access == Access::write)
      migrate(connection_->session, connection_->shown);
    else
      require_newest_schema(connection_->session, connection_->shown);
    connection_->rows.load_scenario_ids();
  });
}

Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

Added Store::add(const MeasuredRun& run) {
  return connection_->guarded([&] { return connection_->rows.add(run); });
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
      const auto id = connection_->rows.scenario_ids().find(storable(scenario));
      if (id == connection_->rows.scenario_ids().end()) continue;
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
  for (const auto& [name, id] : connection_->rows.scenario_ids()) names.push_back(name);
  return names;
}

std::size_t Store::remove(const std::vector<RunInfo>& runs) {
  return connection_->guarded([&] {
    std::size_t removed = 0;
    Transaction transaction(connection_->session);
    for (const auto& run : runs)
      if (connection_->rows.remove(run.uid)) ++removed;
    transaction.commit();
    return removed;
  });
}

const std::string& Store::name() const { return connection_->shown; }

std::string default_store(const std::string& configured, const std::string& results_folder) {
  return configured.empty() ? (fs::path(results_folder) / "history.db").string() : configured;
}

}  // namespace soak::history
