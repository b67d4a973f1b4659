#include "history/run_rows.hpp"

#include <algorithm>
#include <set>

#include "history/measurement_text.hpp"
#include "history/transaction.hpp"

namespace soak::history {
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

}  // namespace

std::string storable(std::string text) {
  std::ranges::replace(text, '\0', ' ');
  return text;
}

void RunRows::load_scenario_ids() {
  const soci::rowset<soci::row> rows = (session_.prepare << "SELECT name, scenario_id FROM soak_scenarios");
  for (const auto& row : rows) scenario_ids_[row.get<std::string>(0)] = id_of(row, 1);
}

/// In an order that is the same for all writers, and before any run is begun: two that add the same names at once
/// would else wait for each other.
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

/// Empty where another writer was first.
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

}  // namespace soak::history
