// The folder of a run, kept up to date while the run goes on, and the fingerprint in it: machine, system and build,
// which must be the same for two runs to be compared.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "record/record.hpp"

namespace soak::run {

/// Of this machine: host, cpu, cpu_count, memory_bytes, kernel, page_bytes.
[[nodiscard]] record::Fingerprint machine_fingerprint();
/// Adds what a scenario binary said of itself in Google Benchmark's context: every `soak_` key without its prefix,
/// and the library's build type. Text that is no Google Benchmark JSON adds nothing.
void add_build_fingerprint(record::Fingerprint& fingerprint, const std::string& benchmark_json);

/// Owns results/<run>/. After each call of save() the record on disk is whole, whatever happens next.
class RecordWriter {
 public:
  /// Creates the folder, `<UTC time>-<commit>`, with a number behind it where that exists. Throws UserError where
  /// `results` cannot be written.
  RecordWriter(const std::filesystem::path& results, const std::string& commit);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::string id() const { return folder_.filename().string(); }
  /// ISO 8601, UTC.
  [[nodiscard]] const std::string& started_at() const { return started_at_; }
  /// Where children leave what is read once: removed when the run is over.
  [[nodiscard]] std::filesystem::path work_folder() const { return folder_ / "work"; }
  /// For a child's output, relative to folder().
  [[nodiscard]] std::filesystem::path log_file(const record::Scenario& scenario, std::size_t repetition) const;

  /// Replaces run.json. Throws std::system_error.
  void save(const record::Run& run) const;
  /// Keeps a child's rows for benchmark.json. With several repetitions they are numbered as Google Benchmark does.
  /// Text that is not complete JSON adds nothing.
  void add_benchmark_rows(const std::string& child_json, std::size_t repetition, std::size_t repetitions);
  /// Replaces benchmark.json: Google Benchmark's own format, with the run's fingerprint in its context, so that
  /// whatever reads Google Benchmark JSON can read it. Throws std::system_error.
  void save_benchmark(const record::Run& run) const;
  /// Points results/latest at this record: from the first save on it is the newest. Throws std::system_error.
  void point_latest_here() const;
  void remove_work_folder() const noexcept;

 private:
  std::filesystem::path folder_;
  std::string started_at_;
  std::string benchmark_context_;            ///< Of the first child that wrote one.
  std::vector<std::string> benchmark_rows_;  ///< One JSON object each.
};

}  // namespace soak::run
