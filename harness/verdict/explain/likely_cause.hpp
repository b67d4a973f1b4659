// Why something grows, in the guidelines' words, where what was measured says so.
#pragma once

#include <string>
#include <vector>

#include "verdict/verdict.hpp"

namespace soak::verdict {

/// What the run with call sites says besides the finding's own sites.
struct CauseEvidence {
  std::vector<SiteGrowth> descriptors;  ///< Lines that open what stays open.
  bool unjoined_threads_grow = false;   ///< Threads that were neither joined nor detached.
};

/// `sites`: all that grow, of a finding of this kind, the line that grows most first. `unclosed resource`, `thread
/// not joined`, `thread-local`, `log accumulation`, `global collection` or `cycle`; empty where the evidence names
/// none, or fits more than one. docs/verdict.md says what each takes.
[[nodiscard]] std::string likely_cause(const std::string& finding_kind, const std::vector<SiteGrowth>& sites,
                                       const CauseEvidence& evidence);

}  // namespace soak::verdict
