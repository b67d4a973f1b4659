#include "run/record_writer.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/files.hpp"
#include "base/user_error.hpp"
#include "record/identity.hpp"
#include "record/record_file.hpp"

namespace soak::run {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
namespace {

std::string cpu_model() {
  std::ifstream cpus("/proc/cpuinfo");
  for (std::string line; std::getline(cpus, line);)
    if (line.starts_with("model name")) return line.substr(std::min(line.size(), line.find(": ") + 2));
  return "unknown";
}

/// Creates `name` in `results`, or `name.2` and so on where that is another run's: runs may start in the same second.
fs::path create_folder(const fs::path& results, const std::string& name) {
  std::error_code error;
  fs::create_directories(results, error);
  for (int number = 1; !error && number < 1000; ++number) {
    const auto folder = results / (number == 1 ? name : fmt::format("{}.{}", name, number));
    if (fs::create_directory(folder, error)) return folder;
  }
  throw UserError(fmt::format("{}: results cannot be written there: {}; choose another folder with --results",
                              results.string(), error ? error.message() : "too many runs of this second"));
}

void number_row(Json& row, std::size_t repetition, std::size_t repetitions) {
  row["repetitions"] = repetitions;
  row["repetition_index"] = repetition;
}

}  // namespace

record::Fingerprint machine_fingerprint() {
  utsname system{};
  uname(&system);
  const auto page_bytes = sysconf(_SC_PAGESIZE);
  return {
      {"host", system.nodename},
      {"kernel", std::string(system.sysname) + " " + system.release},
      {"architecture", system.machine},
      {"cpu", cpu_model()},
      {"cpu_count", std::to_string(std::thread::hardware_concurrency())},
      {"memory_bytes", std::to_string(sysconf(_SC_PHYS_PAGES) * page_bytes)},
      {"page_bytes", std::to_string(page_bytes)},
  };
}

void add_build_fingerprint(record::Fingerprint& fingerprint, const std::string& benchmark_json) {
  const auto document = nlohmann::json::parse(benchmark_json, nullptr, false);
  if (!document.is_object() || !document.contains("context") || !document["context"].is_object()) return;
  for (const auto& [key, value] : document["context"].items()) {
    if (!value.is_string()) continue;
    if (key.starts_with("soak_")) fingerprint[key.substr(5)] = value.get<std::string>();
    if (key == "library_build_type") fingerprint["benchmark_library_build_type"] = value.get<std::string>();
    if (key == "library_version") fingerprint["benchmark_library_version"] = value.get<std::string>();
  }
}

RecordWriter::RecordWriter(const fs::path& results, const std::string& commit) {
  const auto now = fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
  started_at_ = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", now);
  const auto revision = commit.empty() ? "nocommit" : commit.substr(0, 12);
  folder_ = create_folder(results, fmt::format("{:%Y%m%dT%H%M%SZ}-{}", now, revision));
  std::error_code error;
  fs::create_directories(work_folder(), error);
  if (!error) fs::create_directories(folder_ / "logs", error);
  if (error) throw UserError(fmt::format("{}: cannot be written: {}", folder_.string(), error.message()));
}

fs::path RecordWriter::log_file(const record::Scenario& scenario, std::size_t repetition) const {
  const auto name = record::file_name_of(scenario.name);
  return fs::path("logs") / (repetition == 0 ? name + ".log" : fmt::format("{}.{}.log", name, repetition + 1));
}

void RecordWriter::save(const record::Run& run) const { record::write_run(run, folder_); }

void RecordWriter::add_benchmark_rows(const std::string& child_json, std::size_t repetition,
                                      std::size_t repetitions) {
  auto child = Json::parse(child_json, nullptr, false);
  if (!child.is_object() || !child.contains("benchmarks") || !child["benchmarks"].is_array()) return;
  if (benchmark_context_.empty() && child.contains("context")) benchmark_context_ = child["context"].dump();
  for (auto& row : child["benchmarks"]) {
    if (row.is_object() && repetitions > 1) number_row(row, repetition, repetitions);
    benchmark_rows_.push_back(row.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
}

void RecordWriter::save_benchmark(const record::Run& run) const {
  auto context = Json::parse(benchmark_context_, nullptr, false);
  if (!context.is_object()) context = Json::object();
  for (const auto& [key, value] : run.fingerprint) context["soak_" + key] = value;
  context["soak_run"] = run.id;
  context["soak_commit"] = run.commit;
  context["soak_dirty"] = run.dirty ? "true" : "false";
  write_atomically(
      folder_ / "benchmark.json",
      fmt::format("{{\n\"context\": {},\n\"benchmarks\": [\n{}\n]\n}}\n",
                  context.dump(1, ' ', false, Json::error_handler_t::replace), fmt::join(benchmark_rows_, ",\n")));
}

void RecordWriter::point_latest_here() const {
  const auto latest = folder_.parent_path() / "latest";
  const auto temporary = folder_.parent_path() / fmt::format(".latest-{}", id());
  std::error_code ignored;
  fs::remove(temporary, ignored);
  fs::create_directory_symlink(folder_.filename(), temporary);
  fs::rename(temporary, latest);
}

void RecordWriter::remove_work_folder() const noexcept {
  std::error_code ignored;
  fs::remove_all(work_folder(), ignored);
}

}  // namespace soak::run
