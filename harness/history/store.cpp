#include "history/store.hpp"

#include <soci/soci.h>

#include <filesystem>

#include "history/measurement_text.hpp"
#include "history/migrations.hpp"
#include "history/run_rows.hpp"
#include "history/store_address.hpp"
#include "history/store_connection.hpp"
#include "history/transaction.hpp"

namespace soak::history {
namespace fs = std::filesystem;

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
