// The folder of a run, kept up to date while the run goes on, and the fingerprint in it: machine, system and build,
// which must be the same for two runs to be compared.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/record.hpp"

namespace soak::run {

/// This machine: host, cpu, cpu_count, memory_bytes, kernel, page_bytes.
[[nodiscard]] record::Fingerprint machine_fingerprint();
/// Adds what a scenario binary reported of itself in Google Benchmark's context: every `soak_` key without its
/// prefix, and the library's build type. Text that is not Google Benchmark JSON adds nothing.
void add_build_fingerprint(record::Fingerprint& fingerprint, const std::string& benchmark_json);

/// A record folder with a living owner: no other process can lock it until this one lets go or ends, however it ends.
class FolderLock {
 public:
  /// Check is_held(): somebody else may hold it, or the file system may know no locks.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  [[nodiscard]] bool is_held() const { return is_held_; }

 private:
  int descriptor_;
  bool is_held_;
};

/// Runs in `results` that were killed left their work folder behind, tens of megabytes each. What they had measured
/// goes into their records, and the folder is removed. Leaves alone what a living process owns and what is not a
/// readable record. Throws nothing: a new run does not depend on it.
void finish_killed_runs(const std::filesystem::path& results) noexcept;

/// Owns results/<run>/, and holds its lock. After each call of save() the record on disk is whole, whatever happens
/// next.
class RecordWriter {
 public:
  /// Creates the folder, `<UTC time>-<commit>`, with a number behind it if that exists. Throws UserError if
  /// `results` cannot be written.
  RecordWriter(const std::filesystem::path& results, const std::string& commit);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::string id() const { return folder_.filename().string(); }
  /// ISO 8601, UTC.
  [[nodiscard]] const std::string& started_at() const { return started_at_; }
  /// Children leave files there that are read once. It is removed when the run is over.
  [[nodiscard]] std::filesystem::path work_folder() const { return folder_ / "work"; }
  /// For a child's output, relative to folder().
  [[nodiscard]] std::filesystem::path log_file(const record::Scenario& scenario, std::size_t repetition) const;

  /// Replaces run.json. Throws std::system_error.
  void save(const record::Run& run) const;
  /// Keeps a child's rows for benchmark.json. With several repetitions they are numbered as Google Benchmark does.
  /// Text that is not complete JSON adds nothing.
  void add_benchmark_rows(const std::string& child_json, std::size_t repetition, std::size_t repetitions);
  /// Replaces benchmark.json: Google Benchmark's own format, with the run's fingerprint in its context, so that
  /// any reader of that format can read it. Throws std::system_error.
  void save_benchmark(const record::Run& run) const;
  /// Points results/latest at this record: from the first save on it is the newest. Throws std::system_error.
  void point_latest_here() const;
  void remove_work_folder() const noexcept;

 private:
  std::filesystem::path folder_;
  std::optional<FolderLock> lock_;  ///< Taken before there is a work folder.
  std::string started_at_;
  std::string benchmark_context_;            ///< Of the first child that wrote one.
  std::vector<std::string> benchmark_rows_;  ///< One JSON object each.
};

}  // namespace soak::run
