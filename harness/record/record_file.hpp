// The run record on disk: results/<run>/run.json and its neighbours. docs/run-record.md has the format.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "record/record.hpp"

namespace soak::record {

/// A file that is not a record, or one that cannot be understood: truncated, foreign, of a newer schema. The message
/// names the file, what is wrong with it and where, and what to do. The program exits with 3: nothing can be judged.
class UnreadableRecord : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Larger files are refused: a record of a hundred scenarios has some megabytes.
inline constexpr std::size_t largest_file_bytes = std::size_t{256} << 20;

/// `path` is a record's folder, its run.json, or any Google Benchmark JSON with soak's counters. Throws UserError
/// if there is no such path, UnreadableRecord if it cannot be read as one.
[[nodiscard]] Run load_run(const std::filesystem::path& path);

/// Replaces folder/run.json in one step (temporary name, fsync, rename). Throws std::system_error.
void write_run(const Run& run, const std::filesystem::path& folder);

/// Numbers that are not finite are left out; bytes that are not UTF-8 become U+FFFD. Ends with a newline.
[[nodiscard]] std::string to_json(const Run& run);
/// Throws UnreadableRecord, which names `origin`. Unknown keys are ignored.
[[nodiscard]] Run run_from_json(std::string_view json, const std::string& origin);
/// The names in run.json.
[[nodiscard]] std::string to_string(CheckpointKind kind);
[[nodiscard]] std::string to_string(Ending ending);
[[nodiscard]] std::string to_string(SiteKind kind);
[[nodiscard]] std::string to_string(TypeSource source);

}  // namespace soak::record
