// Growth by call site as profiles: for pprof, and for tools that draw flame graphs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/subject.hpp"

namespace soak::report {

/// A gzipped profile of growth by call site, for pprof. Empty of samples where nothing was explained.
[[nodiscard]] std::string render_pprof(const Subject& subject);
/// A line a stack, outermost function first, with the bytes it grew by, for flame graph tools.
[[nodiscard]] std::string render_collapsed(const Subject& subject);

// What every explained call site grew by: what profiles are made of.

/// Final against baseline; negative where it became less.
struct SiteTotal {
  std::int64_t bytes = 0, count = 0;
};
/// Nothing where there is no history.
[[nodiscard]] SiteTotal growth_of(const record::CallSite& site);

struct GrowthSample {
  const record::Scenario& scenario;
  const record::CallSite& site;
  SiteTotal growth;
};

/// Of the explained run of each scenario, or of its repetition where that had call sites on, in the order recorded.
[[nodiscard]] std::vector<GrowthSample> growth_samples(const record::Run& run);

/// The attribution that stands for a scenario. Null where it ran without call sites.
[[nodiscard]] const record::Attribution* attribution_of(const record::Scenario& scenario);

/// The same input gives the same output: no time, no name. Throws std::runtime_error where zlib has no memory.
[[nodiscard]] std::string gzip(std::string_view content);

}  // namespace soak::report
