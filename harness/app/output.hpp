// What a subcommand leaves behind: its result on stdout, files, and an exit status.
#pragma once

#include <filesystem>
#include <string>

namespace soak {

/// Exit statuses of the soak command that are not a verdict's; see verdict::exit_status for those.
inline constexpr int leak_found = 1;
inline constexpr int wrong_request = 2;
inline constexpr int not_measured = 3;
inline constexpr int interrupted = 130;

}  // namespace soak

namespace soak::app {

/// Writes to stdout. False, with a message on stderr, if the result was lost. A reader that went away has seen what
/// it wanted to see.
[[nodiscard]] bool print_result(const std::string& text);

/// Prints, and gives `status`, or at least not_measured if the result was lost.
[[nodiscard]] int print_with_status(const std::string& text, int status = 0);

/// The status of a result that could not be printed or kept whole: a leak is a leak all the same.
[[nodiscard]] int at_least_not_measured(int status);

/// A line on stderr, after the command's name.
void talk(const std::string& text);

/// Relative to the current folder if it lies in there: as people would type it.
[[nodiscard]] std::filesystem::path as_typed(const std::filesystem::path& path);

}  // namespace soak::app
