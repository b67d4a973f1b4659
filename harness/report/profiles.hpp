// Growth by call site as profiles: for pprof, and for tools that draw flame graphs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/subject.hpp"

namespace soak::report {

/// A gzipped profile of growth by call site, for pprof. It has no samples if nothing was explained.
[[nodiscard]] std::string render_pprof(const Subject& subject);
/// One line per stack, outermost function first, with the bytes it grew by, for flame graph tools.
[[nodiscard]] std::string render_collapsed(const Subject& subject);

// --- The samples of profiles

/// Growth from baseline to the end; negative if it became less.
struct SiteTotal {
  std::int64_t bytes = 0, count = 0;
};
/// Empty if the site has no history.
[[nodiscard]] SiteTotal growth_of(const record::CallSite& site);

struct GrowthSample {
  const record::Scenario& scenario;
  const record::CallSite& site;
  SiteTotal growth;
};

/// The growth of every call site, as recorded: from each scenario's explained run, or from its repetition if that ran
/// with call sites.
[[nodiscard]] std::vector<GrowthSample> growth_samples(const record::Run& run);

/// The representative attribution of a scenario. Null if it ran without call sites.
[[nodiscard]] const record::Attribution* attribution_of(const record::Scenario& scenario);

/// The same input gives the same output: no time, no name. Throws std::runtime_error if zlib is out of memory.
[[nodiscard]] std::string gzip(std::string_view content);

}  // namespace soak::report
