// Where runs are kept: a SQLite file, or a PostgreSQL database that many machines share. One schema for both, see
// migrations.hpp. The records on disk are the truth; all of this can be read in again from them.
#pragma once

#include <soci/soci.h>

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "history/measurement.hpp"

namespace soak::history {

/// A store that cannot be used as it is: not there, locked, read-only, corrupt, of a newer schema, a server that is
/// absent or went away. The message says which and what to do; nothing was overwritten. The program exits with 3.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Access { read, write };

enum class Added {
  added,
  completed,      ///< It was there, stored while it still ran; now it is there whole.
  already_there,  ///< Nothing was changed.
};

/// What one run has of one scenario, without curves, call sites and types.
struct ScenarioResult {
  std::size_t run = 0;  ///< Index into the runs() it was asked with.
  std::string scenario;
  std::int64_t iterations = 0;
  std::map<std::string, std::vector<double>> figures;
};

/// One connection; one thread at a time. Any number of processes may write to one store at once. Every member throws
/// StoreError.
class Store {
 public:
  /// `address` is a file, or postgresql://... With Access::write the store is created, or brought to this soak's
  /// schema. With Access::read a file that is not there is a UserError.
  Store(const std::string& address, Access access);
  ~Store();
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;

  /// All of a run or nothing of it.
  Added add(const MeasuredRun& run);
  /// Newest first.
  [[nodiscard]] std::vector<RunInfo> runs();
  /// Precondition: there is such a run.
  [[nodiscard]] MeasuredRun load(const RunInfo& run);
  /// Of every run in `runs`, for each of the scenarios.
  [[nodiscard]] std::vector<ScenarioResult> results(const std::vector<RunInfo>& runs,
                                                    const std::vector<std::string>& scenarios);
  [[nodiscard]] std::vector<std::string> scenario_names();
  /// How many of them were there.
  std::size_t remove(const std::vector<RunInfo>& runs);

  /// For messages: without a password.
  [[nodiscard]] const std::string& name() const;

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

/// [history] store of the config, or history.db among the results.
[[nodiscard]] std::string default_store(const std::string& configured, const std::string& results_folder);

// The rows of a run in the store.

/// Neither text nor names in a database can hold a NUL.
[[nodiscard]] std::string storable(std::string text);

/// Writes and removes them. Throws soci::soci_error.
class RunRows {
 public:
  explicit RunRows(soci::session& session) : session_(session) {}

  /// What scenarios are numbered by.
  void load_scenario_ids();
  [[nodiscard]] const std::map<std::string, long long>& scenario_ids() const { return scenario_ids_; }

  /// In transactions of its own.
  Added add(const MeasuredRun& run);
  /// Within the caller's transaction. False where there is no such run.
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

}  // namespace soak::history
