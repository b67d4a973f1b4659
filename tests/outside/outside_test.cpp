// The guidelines' test without Google Benchmark: a plain main with a profiler and a report.
#include <cstdio>
#include <soak/soak.hpp>
#include <string>
#include <vector>

namespace {

soak::MemoryLeakReport report_of(bool leak) {
  static std::vector<std::string> log;
  soak::MemoryProfiler profiler;
  profiler.start_profiling();
  for (int i = 0; i < 1000; ++i) {
    log.emplace_back(1000, 'x');
    if (!leak) log.clear();
  }
  profiler.measure("after 1000 records");
  return {profiler.baseline(), profiler.measurements().back().snapshot};
}

}  // namespace

int main() {
  const auto clean = report_of(false);
  const auto leaking = report_of(true);
  std::printf("%s%s", clean.text().c_str(), leaking.text().c_str());
  return !clean.has_leak() && leaking.has_leak() ? 0 : 1;
}
