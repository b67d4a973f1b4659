#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/shell_words.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

namespace soak::report {
namespace {

using verdict::Verdict;

std::string place(const Subject& subject, std::string_view file, int line, std::string_view module) {
  if (file.empty()) return sanitize(std::filesystem::path(module).filename().string());
  const auto name = sanitize(shown_file(subject, file));
  return line > 0 ? fmt::format("{}:{}", name, line) : name;
}

}  // namespace

std::string words(Verdict verdict) {
  auto text = to_string(verdict);
  std::ranges::replace(text, '_', ' ');
  return text;
}

std::string time_to_trouble(const verdict::ScenarioVerdict& scenario) {
  std::string text;
  for (const auto& [limit, seconds] :
       {std::pair{"peak limit", scenario.seconds_to_peak_limit}, {"memory limit", scenario.seconds_to_memory_limit}})
    if (seconds)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", limit,
                          *seconds > 0 ? "after " + format_nanoseconds(*seconds * 1e9) : "exceeded already");
  return text;
}

std::string message_of(const verdict::Finding& finding) {
  if (!finding.waived) return sanitize(finding.message);
  return fmt::format("waived until {}: {}; because {}", sanitize(finding.waived->until), sanitize(finding.message),
                     sanitize(finding.waived->reason));
}

std::string share_of(const verdict::SiteGrowth& growth) {
  if (!std::isfinite(growth.share)) return "-";
  const auto percent = std::clamp(growth.share, 0.0, 1.0) * 100;
  return percent > 0 && percent < 1 ? "< 1 %" : fmt::format("{:.0f} %", percent);
}

std::string rate_of(const verdict::SiteGrowth& growth) {
  if (growth.bytes_per_iteration != 0) return format_bytes(growth.bytes_per_iteration) + "/iter";
  // These were alive at a peak, and may be gone since.
  if (growth.blocks_per_iteration == 0 && !growth.site.history.empty())
    return format_bytes(static_cast<double>(growth.site.history.back().bytes)) + " alive";
  return fmt::format("{:.3g}/iter", growth.blocks_per_iteration);
}

std::string place_of(const Subject& subject, const record::CallSite& site) {
  return place(subject, site.file, site.line, site.stack.empty() ? std::string() : site.stack.front().module);
}

std::string place_of(const Subject& subject, const record::Frame& frame) {
  return place(subject, frame.file, frame.line, frame.module);
}

std::string function_of(const record::CallSite& site) {
  if (!site.function.empty()) return sanitize(site.function);
  return site.stack.empty() || site.stack.front().function.empty() ? std::string("(no name)")
                                                                   : sanitize(site.stack.front().function);
}

std::string counts_of(const verdict::RunVerdict& run) {
  constexpr std::array<std::array<std::string_view, 2>, 6> nouns{{{"passed", "passed"},
                                                                  {"leak", "leaks"},
                                                                  {"over threshold", "over threshold"},
                                                                  {"growing", "growing"},
                                                                  {"inconclusive", "inconclusive"},
                                                                  {"error", "errors"}}};
  std::string text;
  for (std::size_t i = 0; i < nouns.size(); ++i) {
    const auto count = std::ranges::count(run.scenarios, static_cast<Verdict>(i), &verdict::ScenarioVerdict::verdict);
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, nouns[i][count == 1 ? 0 : 1]);
  }
  return text.empty() ? "nothing was run" : text;
}

std::string show_command(const Subject& subject, const std::string& scenario) {
  if (subject.record_path.empty()) return {};
  return fmt::format("soak report {} --scenario={}", quoted_for_shell(subject.record_path),
                     quoted_for_shell(scenario));
}

std::string with_separators(std::int64_t number) {
  const auto digits = fmt::format("{}", number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    text += digits[i];
    const auto left = digits.size() - 1 - i;
    if (left > 0 && left % 3 == 0 && digits[i] != '-') text += ',';
  }
  return text;
}

}  // namespace soak::report
