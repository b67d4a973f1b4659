// The rows of a run in the store.
#pragma once

#include <soci/soci.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "history/store.hpp"

namespace soak::history {

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
