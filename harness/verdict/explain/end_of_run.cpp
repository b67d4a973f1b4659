#include "verdict/explain/end_of_run.hpp"

#include "verdict/growth_in_run.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using record::CheckpointKind;
using record::Ending;

constexpr std::int64_t least_fatal_growth_bytes = std::int64_t{1} << 20;

Series series_of(const record::Repetition& run, Reading reading) {
  Series series;
  for (const auto& checkpoint : run.checkpoints)
    if (checkpoint.kind != CheckpointKind::labelled && checkpoint.*reading)
      series.push_back({checkpoint.iteration, *(checkpoint.*reading)});
  return series;
}

}  // namespace

bool was_growing(const record::Repetition& run, Reading reading) {
  const auto series = series_of(run, reading);
  const auto shape = growth_in_run(series, Reader::exact).shape;
  return shape == Shape::unknown ? growth_of(series) > 0 : goes_on(shape);
}

bool died_growing(const record::Repetition& run) {
  if (run.ending != Ending::failed && run.ending != Ending::crashed && run.ending != Ending::timed_out) return false;
  return growth_of(series_of(run, &Checkpoint::heap_bytes)) >= least_fatal_growth_bytes &&
         was_growing(run, &Checkpoint::heap_bytes);
}

}  // namespace soak::verdict
