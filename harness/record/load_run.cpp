#include <fmt/format.h>

#include <system_error>

#include "base/files.hpp"
#include "base/user_error.hpp"
#include "record/json_document.hpp"
#include "record/read_run.hpp"
#include "record/record_file.hpp"

namespace soak::record {
namespace fs = std::filesystem;
namespace {

// A file that is there and cannot be read leaves nothing to judge.
std::string content_of(const fs::path& file) {
  try {
    return read_file(file, largest_file_bytes);
  } catch (const std::system_error& error) {
    throw UnreadableRecord(fmt::format("{}; check its permissions", error.what()));
  }
}

fs::path record_file_of(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error))
    throw UserError(
        fmt::format("{}: there is no such file or folder; give a run record's folder, such as results/latest, "
                    "or a Google Benchmark JSON",
                    path.string()));
  if (!fs::is_directory(path, error)) return path;
  if (fs::exists(path / "run.json", error)) return path / "run.json";
  const auto hint = fs::exists(path / "latest", error)
                        ? fmt::format("did you mean {}?", (path / "latest").string())
                        : std::string("give a folder that soak run has written, or a Google Benchmark JSON");
  throw UnreadableRecord(fmt::format("{}: has no run.json, so it is no run record; {}", path.string(), hint));
}

}  // namespace

Run load_run(const fs::path& path) {
  const auto file = record_file_of(path);
  const auto origin = file.string();
  const auto document = parse_document(content_of(file), origin);
  if (!document.is_object()) JsonSpot(document, origin).refuse("expected an object");
  if (document.contains("benchmarks") || document.contains("context"))
    return run_from_benchmark_document(document, origin);
  if (document.contains("schema_version") && document.contains("verdict"))
    throw UnreadableRecord(fmt::format("{}: is a verdict, not a run record; give the run.json beside it", origin));
  if (document.contains("schema_version")) return run_from_document(document, origin);
  throw UnreadableRecord(
      fmt::format("{}: is neither a run record nor Google Benchmark's JSON; give a folder that soak run "
                  "has written, or a file from --benchmark_out",
                  origin));
}

}  // namespace soak::record
