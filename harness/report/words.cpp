#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "config/units.hpp"
#include "report/text.hpp"

namespace soak::report {
namespace {

using verdict::Verdict;

std::string place(const Subject& subject, std::string_view file, int line, std::string_view module) {
  if (file.empty()) return harmless(std::filesystem::path(module).filename().string());
  const auto name = harmless(shown_file(subject, file));
  return line > 0 ? fmt::format("{}:{}", name, line) : name;
}

std::string growth_text(const verdict::Finding& finding, std::int64_t growth) {
  return is_in_bytes(finding) ? config::format_bytes(static_cast<double>(growth)) : with_separators(growth);
}

}  // namespace

std::string words(Verdict verdict) {
  auto text = to_string(verdict);
  std::ranges::replace(text, '_', ' ');
  return text;
}

std::string proof_of(const verdict::Finding& finding) {
  if (finding.confirmed.empty()) return {};
  auto text = finding.shape == verdict::Shape::unknown ? std::string("run again")
                                                       : verdict::to_string(finding.shape);
  for (std::size_t i = 0; i < finding.confirmed.size(); ++i) {
    const auto& [iterations, growth] = finding.confirmed[i];
    text += fmt::format("{} {} after {}{}", i == 0 ? ":" : ",", growth_text(finding, growth),
                        with_separators(iterations), i == 0 ? " iterations" : "");
  }
  return text;
}

std::string share_of(const verdict::SiteGrowth& growth) {
  if (!std::isfinite(growth.share)) return "-";
  const auto percent = std::clamp(growth.share, 0.0, 1.0) * 100;
  return percent > 0 && percent < 1 ? "< 1 %" : fmt::format("{:.0f} %", percent);
}

std::string rate_of(const verdict::SiteGrowth& growth) {
  if (growth.bytes_per_iteration != 0) return config::format_bytes(growth.bytes_per_iteration) + "/iter";
  return fmt::format("{:.3g}/iter", growth.blocks_per_iteration);
}

std::string place_of(const Subject& subject, const record::CallSite& site) {
  return place(subject, site.file, site.line, site.stack.empty() ? std::string() : site.stack.front().module);
}

std::string place_of(const Subject& subject, const record::Frame& frame) {
  return place(subject, frame.file, frame.line, frame.module);
}

std::string function_of(const record::CallSite& site) {
  if (!site.function.empty()) return harmless(site.function);
  return site.stack.empty() || site.stack.front().function.empty() ? std::string("(no name)")
                                                                   : harmless(site.stack.front().function);
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
    const auto count =
        std::ranges::count(run.scenarios, static_cast<Verdict>(i), &verdict::ScenarioVerdict::verdict);
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, nouns[i][count == 1 ? 0 : 1]);
  }
  return text.empty() ? "nothing was run" : text;
}

std::string show_command(const Subject& subject, const std::string& scenario) {
  if (subject.record_path.empty()) return {};
  return fmt::format("soak report {} --scenario={}", shell_word(subject.record_path), shell_word(scenario));
}

std::string shell_word(const std::string& text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string word = "'";
  for (const char character : text)
    if (character == '\'')
      word += "'\\''";
    else
      word += character;
  return word + "'";
}

std::string with_separators(std::int64_t number) {
  auto digits = fmt::format("{}", number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t end = digits.size(); end > first + 3; end -= 3) digits.insert(end - 3, ",");
  return digits;
}

bool is_in_bytes(const verdict::Finding& finding) {
  constexpr std::array<std::string_view, 5> in_bytes{"heap_growth", "final_growth", "peak_growth", "peak_rss",
                                                     "mappings"};
  return std::ranges::count(in_bytes, finding.kind) > 0;
}

}  // namespace soak::report
