// A leak test in one line, in GoogleTest, in Catch2 or in a plain main:
//
//   TEST(Session, DoesNotGrow) { soak::expect_no_growth([&] { session.handle(request); }); }
//
// Include it after the test framework: then growth is a failure of the test, which goes on. Without a framework
// growth is thrown as soak::GrowthFound, whose what() is the report. Link soak::fixture, which brings the probe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace soak {

struct NoGrowthOptions {
  std::string name = "the operation";  ///< As the report has it.
  std::int64_t iterations = 256;       ///< Of warm-up; then the operation runs as often again, twice, four times, ...
  std::int64_t most_iterations = 1'000'000;
  std::chrono::milliseconds budget{5000};      ///< For all of it. Three doublings are run however long they take.
  double heap_growth_bytes_per_iteration = 0;  ///< Accepted.
  std::int64_t open_files_growth = 0, threads_growth = 0, children_growth = 0;  ///< Accepted, in a doubling.
};

/// Where a figure stood after so many iterations.
struct GrowthStep {
  std::int64_t iterations = 0;
  std::int64_t heap_bytes = 0, heap_blocks = 0, open_files = 0, threads = 0, children = 0;
};

/// What came of it. A plain value.
struct GrowthReport {
  bool grows = false;
  bool is_measured = true;        ///< False where nothing was counted; that is no pass.
  std::string text;               ///< The report, several lines; what was seen as well where nothing grew.
  std::vector<GrowthStep> steps;  ///< At the end of warm-up and of each doubling.
};

/// Runs the operation as often as it takes to tell growth from warm-up, and says what it saw. Something grows if it
/// grew through each of the last three doublings without slowing down; the lowest of several readings counts, so that
/// what comes and goes is not accused. While that is open, and while something
/// grows, the iterations are doubled: a cache may fill for long, so it is the operation that leaks that takes the
/// whole budget, or grows by 256 MiB. One call at a time; what other threads allocate meanwhile counts as well.
/// Whatever the operation throws comes through.
[[nodiscard]] GrowthReport measure_growth(const std::function<void()>& operation,
                                          const NoGrowthOptions& options = {});

/// what() is the report.
class GrowthFound : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One namespace a framework: two files of a program may use different ones.
#if defined(GTEST_TEST)
inline namespace for_googletest {
inline void report_growth(const std::string& text) { ADD_FAILURE() << text; }
#elif defined(CATCH_CONFIG_MAIN) || defined(CATCH_VERSION_MAJOR)
inline namespace for_catch2 {
inline void report_growth(const std::string& text) { FAIL_CHECK(text); }
#else
inline namespace for_plain_programs {
[[noreturn]] inline void report_growth(const std::string& text) { throw GrowthFound(text); }
#endif

inline void expect_no_growth(const std::function<void()>& operation, const NoGrowthOptions& options = {}) {
  if (const auto report = measure_growth(operation, options); report.grows || !report.is_measured)
    report_growth(report.text);
}

}  // namespace
}  // namespace soak
