// Reports of a run that has just ended, into files and to the CI service that soak runs under.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/run_result.hpp"
#include "config/config.hpp"
#include "history/find_run.hpp"
#include "history/metric_trend.hpp"
#include "report/formats.hpp"
#include "report/subject.hpp"

namespace soak::app {

/// The format of that name; throws UserError with what was probably meant.
[[nodiscard]] const report::Format& format_named(const std::string& name);
/// "html,junit", each once. Throws UserError.
[[nodiscard]] std::vector<std::string> formats_in(const std::string& list);

/// What the CI service that soak runs under shows by itself: nothing elsewhere.
[[nodiscard]] std::vector<std::string> formats_of_ci();

/// Writes each format into the folder under its own name. False, with a message, where one could not be written; the
/// others are.
[[nodiscard]] bool write_reports(const report::Subject& subject, const std::filesystem::path& folder,
                                 const std::vector<std::string>& formats);

/// Under GitHub: annotations on stderr, where they are seen and stdout stays whole, and the summary at the end of the
/// step's. Elsewhere nothing.
void tell_ci(const report::Subject& subject);

/// Replaces a regular file in one step; a device or a pipe is written to. Throws std::system_error with the file in
/// its message.
void write_report(const std::filesystem::path& file, std::string_view content);

/// Writes the formats into the record's folder and tells the CI service. `store` is the command line's, or empty.
/// False, with a message, if one could not be written.
[[nodiscard]] bool report_run(const RunResult& result, const config::Config& config, const std::string& store,
                              const std::vector<std::string>& formats);

/// How the metrics went over the commits behind HEAD. Nothing if there is no store, no repository, or no run of it:
/// then there is no history to show.
[[nodiscard]] std::optional<history::Trend> trend_behind(const history::Places& places) noexcept;

}  // namespace soak::app
