// Call sites made up for tests, and runs that have them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "verdict/verdict.hpp"

namespace soak::verdict {

/// What is alive of a site after so many of 1,600 iterations.
using Live = std::function<record::LivePoint(std::int64_t iteration)>;

inline Live leaking(std::int64_t bytes, std::int64_t blocks = 1) {
  return [=](std::int64_t i) { return record::LivePoint{i, i * bytes, i * blocks, i * bytes}; };
}
inline Live cache_of(std::int64_t bytes, std::int64_t full_at = 200) {
  return [=](std::int64_t i) {
    const auto entries = std::min(i, full_at);
    return record::LivePoint{i, entries * bytes, entries, entries * bytes};
  };
}
inline Live constant(std::int64_t bytes) {
  return [=](std::int64_t i) { return record::LivePoint{i, bytes, 1, bytes}; };
}

/// 17 readings, one each hundredth iteration.
inline record::CallSite site_at(int line, const Live& live, const std::string& type = "",
                                record::SiteKind kind = record::SiteKind::heap) {
  record::CallSite site;
  site.kind = kind;
  site.function = "f";
  site.file = "/src/f.cpp";
  site.line = line;
  site.type = type;
  site.stack = {{"f", "/src/f.cpp", line, "app", false}};
  for (std::int64_t i = 0; i <= 1600; i += 100) {
    auto point = live(i);
    if (kind != record::SiteKind::heap) point.bytes = 0, point.requested_bytes.reset();
    site.history.push_back(point);
  }
  return site;
}

/// A run with these sites; the process's own readings are their sums and what `besides` adds.
inline record::Repetition explained(std::vector<record::CallSite> sites, std::int64_t besides_per_iteration = 0) {
  record::Repetition run;
  run.ending = record::Ending::finished;
  for (std::int64_t i = 0; i <= 1600; i += 100) {
    auto& checkpoint = run.checkpoints.emplace_back();
    checkpoint.iteration = i;
    checkpoint.heap_bytes = 10'000 + i * besides_per_iteration;
    checkpoint.open_files = checkpoint.joinable_threads = 0;
    for (const auto& site : sites) {
      const auto& point = site.history.at(static_cast<std::size_t>(i / 100));
      if (site.kind == record::SiteKind::heap) *checkpoint.heap_bytes += point.bytes;
      if (site.kind == record::SiteKind::descriptor) *checkpoint.open_files += point.count;
      if (site.kind == record::SiteKind::thread) *checkpoint.joinable_threads += point.count;
    }
  }
  run.checkpoints.front().kind = record::CheckpointKind::baseline;
  run.checkpoints.back().kind = record::CheckpointKind::final;
  run.attribution.emplace().sites = std::move(sites);
  return run;
}

}  // namespace soak::verdict
