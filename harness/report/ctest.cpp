// What CTest looks for in a test's output and sends to CDash.
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/formats.hpp"
#include "report/metrics.hpp"
#include "report/words.hpp"

namespace soak::report {
namespace {

/// CTest reads these with a regular expression and takes neither quotes nor brackets in a name, escaped or not.
std::string name_text(std::string_view text) {
  auto name = harmless(text);
  for (auto& character : name)
    if (std::string_view("\"'<>&").find(character) != std::string_view::npos) character = '_';
  return name;
}

std::string measurement(std::string_view type, const std::string& name, const std::string& value) {
  return fmt::format("<CTestMeasurement type=\"{}\" name=\"{}\">{}</CTestMeasurement>\n", type, name, value);
}

}  // namespace

std::string render_ctest(const Subject& subject) {
  std::string text;
  for (const auto& scenario : subject.verdict.scenarios) {
    // A test that soaks one scenario bears its name already.
    const auto prefix = subject.verdict.scenarios.size() > 1 ? name_text(scenario.name) + " " : std::string();
    text += measurement("text/string", prefix + "verdict", words(scenario.verdict));
    for (const auto& metric : metrics_of(scenario))
      if (metric.value)
        text += measurement("numeric/double", prefix + std::string(metric.name), number_text(*metric.value));
  }
  return text;
}

}  // namespace soak::report
