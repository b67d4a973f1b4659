#include "run/program/ends.hpp"

#include <algorithm>

namespace soak::run {
namespace {

record::Checkpoint end_seen_from(const SeenOutside& outside) {
  record::Checkpoint end;
  // What ends within milliseconds is sampled while it starts, if at all: that is not what it held at its end.
  if (outside.last_sample && 2 * outside.last_sample->elapsed_seconds >= outside.wall_seconds)
    end = *outside.last_sample;
  if (outside.max_rss_bytes) end.peak_rss_bytes = std::max(end.peak_rss_bytes.value_or(0), *outside.max_rss_bytes);
  return end;
}

}  // namespace

std::vector<record::Checkpoint> ends_of(const std::optional<region::RegionContents>& region,
                                        const SeenOutside& outside, std::int64_t iterations) {
  record::Checkpoint begin;
  if (region && region->at_start) begin = *region->at_start;
  auto end = region && region->at_end ? *region->at_end : end_seen_from(outside);
  if (region && !region->at_end && region->heap) {  // it left by a system call, unseen
    end.heap_bytes = region->heap->bytes;
    end.heap_blocks = region->heap->blocks;
  }
  begin.kind = record::CheckpointKind::baseline;
  begin.iteration = 0;
  end.kind = record::CheckpointKind::final;
  end.iteration = iterations;
  end.elapsed_seconds = outside.wall_seconds;
  return {begin, end};
}

}  // namespace soak::run
