#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "record/json_document.hpp"
#include "record/read_run.hpp"
#include "record/record_file.hpp"
#include "record/user_error.hpp"

namespace soak::record {
namespace fs = std::filesystem;
namespace {

std::string read_bounded(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    throw UnreadableRecord(fmt::format("{}: cannot be opened: {}; check its permissions", file.string(),
                                       std::generic_category().message(errno)));
  std::string content;
  std::string chunk(std::size_t{1} << 20, '\0');
  while (stream && content.size() <= largest_file_bytes) {  // A pipe or /dev/zero does not say its size beforehand.
    stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    content.append(chunk, 0, static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) throw UnreadableRecord(fmt::format("{}: cannot be read to its end", file.string()));
  return content;
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
  const auto document = parse_document(read_bounded(file), origin);
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
