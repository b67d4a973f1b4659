#include "app/run_reports.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>

#include "app/output.hpp"
#include "app/report_subject.hpp"
#include "base/files.hpp"
#include "base/spelling.hpp"
#include "base/text.hpp"
#include "base/user_error.hpp"
#include "history/metric_trend.hpp"
#include "history/store.hpp"
#include "report/ci_reports.hpp"
#include "report/markdown.hpp"

namespace soak::app {
namespace {

namespace fs = std::filesystem;

bool is_true(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && std::string_view(value) == "true";
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const auto& format : report::all_formats()) names.emplace_back(format.name);
  return names;
}

void write_to(const fs::path& file, const char* mode, std::string_view content) {
  const auto fail = [&file] { throw std::system_error(errno, std::generic_category(), file.string()); };
  const auto close = [](std::FILE* stream) { std::fclose(stream); };
  const std::unique_ptr<std::FILE, decltype(close)> stream(std::fopen(file.c_str(), mode), close);
  if (!stream) fail();
  if (std::fwrite(content.data(), 1, content.size(), stream.get()) != content.size()) fail();
  if (std::fflush(stream.get()) != 0) fail();
}

}  // namespace

const report::Format& format_named(const std::string& name) {
  if (const auto* const format = report::find_format(name)) return *format;
  const auto known = format_names();
  auto hint = did_you_mean(name, known);
  if (hint.empty()) hint = fmt::format("; known are {}", fmt::join(known, ", "));
  throw UserError(fmt::format("unknown report format '{}'{}", sanitize(name, quote_length), hint));
}

std::vector<std::string> formats_in(const std::string& list) {
  std::vector<std::string> names;
  std::string_view rest = list;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(','), rest.size());
    const std::string name(format_named(std::string(rest.substr(0, end))).name);
    if (std::ranges::count(names, name) == 0) names.push_back(name);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return names;
}

std::vector<std::string> formats_of_ci() {
  if (is_true("GITHUB_ACTIONS")) return {"html", "sarif"};
  if (is_true("GITLAB_CI")) return {"html", "junit", "gitlab", "gitlab-metrics"};
  return {};
}

bool write_reports(const report::Subject& subject, const fs::path& folder, const std::vector<std::string>& formats) {
  bool all_written = true;
  for (const auto& name : formats) {
    const auto& format = format_named(name);
    try {
      write_report(folder / format.file_name, format.render(subject));
    } catch (const std::system_error& error) {
      talk(fmt::format("the {} report could not be written: {}", name, error.what()));
      all_written = false;
    }
  }
  return all_written;
}

void tell_ci(const report::Subject& subject) {
  if (!is_true("GITHUB_ACTIONS")) return;
  say(stderr, report::render_github(subject));
  const char* const summary = std::getenv("GITHUB_STEP_SUMMARY");
  if (summary == nullptr || *summary == '\0') return;
  try {
    write_to(summary, "a", report::render_markdown(subject));
  } catch (const std::system_error& error) {
    talk(fmt::format("the step summary could not be written: {}", error.what()));
  }
}

void write_report(const fs::path& file, std::string_view content) {
  std::error_code error;
  const auto status = fs::status(file, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) return write_to(file, "w", content);
  write_atomically(file, content);
}

bool report_run(const RunResult& result, const config::Config& config, const std::string& store,
                const std::vector<std::string>& formats) {
  auto subject = subject_of(result.run, result.verdict, config, result.folder);
  const auto results = result.folder.parent_path();
  std::optional<history::Trend> trend;
  if (std::ranges::count(formats, "html") > 0)
    trend = trend_behind({.repository_folder = ".",
                          .store = history::default_store(store.empty() ? config.store : store, results.string()),
                          .results = results,
                          .config = config});
  if (trend) subject.trend = &*trend;
  tell_ci(subject);
  return write_reports(subject, result.folder, formats);
}

std::optional<history::Trend> trend_behind(const history::Places& places) noexcept {
  try {
    return history::trend_of({}, places);
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace soak::app
