#include "app/report_subject.hpp"

#include <cstdlib>

#include "app/output.hpp"
#include "process/git.hpp"

namespace soak::app {

namespace fs = std::filesystem;

fs::path source_folder() {
  for (const auto* const name : {"GITHUB_WORKSPACE", "CI_PROJECT_DIR"})
    if (const char* const folder = std::getenv(name); folder != nullptr && *folder != '\0')
      return fs::path(folder).lexically_normal();
  std::error_code error;
  const auto here = fs::current_path(error);
  return error ? fs::path() : process::working_tree_of(here);
}

report::Subject subject_of(const record::Run& run, const verdict::RunVerdict& verdict, const config::Config& config,
                           const fs::path& record_path) {
  report::Subject subject{run, verdict};
  if (!record_path.empty()) subject.record_path = as_typed(record_path).string();
  subject.source_folder = source_folder().string();
  if (config.file.empty()) return subject;
  std::error_code error;
  const auto file = report::shown_file(subject, fs::absolute(config.file, error).string());
  subject.default_place = {file, 1};
  for (const auto& [name, table] : config.tables)
    subject.scenario_places[name] = {file, static_cast<int>(table.place.line)};
  return subject;
}

}  // namespace soak::app
