#include "report/measurements.hpp"

#include <fmt/format.h>

#include <optional>

namespace soak::report {
namespace {

std::string for_xml(const std::string& text) {
  std::string escaped;
  for (const char letter : text)
    escaped += letter == '&' ? "&amp;" : letter == '<' ? "&lt;" : letter == '"' ? "&quot;" : std::string(1, letter);
  return escaped;
}

template <typename Value>
std::string measurement(const std::string& name, const std::optional<Value>& value) {
  return value ? fmt::format("<CTestMeasurement type=\"numeric/double\" name=\"{}\">{}</CTestMeasurement>\n",
                             for_xml(name), *value)
               : std::string();
}

}  // namespace

std::string ctest_measurements(const verdict::RunVerdict& run) {
  std::string text;
  for (const auto& scenario : run.scenarios) {
    const auto prefix = run.scenarios.size() > 1 ? scenario.name + " " : std::string();
    text += measurement(prefix + "heap_growth_bytes_per_iteration", scenario.heap_growth_bytes_per_iteration);
    text += measurement(prefix + "rss_growth_bytes", scenario.rss_growth_bytes);
    text += measurement(prefix + "rss_peak_growth_bytes", scenario.rss_peak_growth_bytes);
    text += measurement(prefix + "iteration_time_ns", scenario.iteration_time_ns);
  }
  return text;
}

}  // namespace soak::report
