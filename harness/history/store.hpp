// The store of runs: a SQLite file, or a PostgreSQL database that many machines share. Both have one schema, see
// store_connection.hpp. The records on disk are the truth; everything here can be imported again from them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "history/measurement.hpp"

namespace soak::history {

/// A store that cannot be used as it is: missing, locked, read-only, corrupt, of a newer schema, or on a server that
/// does not answer. The message says which and what to do; nothing was overwritten. The program exits with 3.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Access { read, write };

enum class Added {
  added,
  completed,      ///< It had been stored while it still ran; now it is whole.
  already_there,  ///< Nothing was changed.
};

/// The figures of one scenario in one run, without curves, call sites and types.
struct ScenarioResult {
  std::size_t run = 0;  ///< Index into the `runs` of the call.
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

  /// Stores all of a run or nothing of it.
  Added add(const MeasuredRun& run);
  /// Newest first.
  [[nodiscard]] std::vector<RunInfo> runs();
  /// Precondition: there is such a run.
  [[nodiscard]] MeasuredRun load(const RunInfo& run);
  /// The results of each scenario in each of `runs`.
  [[nodiscard]] std::vector<ScenarioResult> results(const std::vector<RunInfo>& runs,
                                                    const std::vector<std::string>& scenarios);
  [[nodiscard]] std::vector<std::string> scenario_names();
  /// Returns how many of them were stored.
  std::size_t remove(const std::vector<RunInfo>& runs);

  /// The address for messages, without a password.
  [[nodiscard]] const std::string& name() const;

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

/// The config's [history] store, or history.db among the results if that is empty.
[[nodiscard]] std::string default_store(const std::string& configured, const std::string& results_folder);

}  // namespace soak::history
