#include "run/program/ends.hpp"

namespace soak::run {

std::vector<record::Checkpoint> ends_of(const std::optional<RegionContents>& region,
                                        const std::optional<record::Checkpoint>& last_sample,
                                        std::int64_t iterations) {
  record::Checkpoint begin, end;
  if (region && region->at_start) begin = *region->at_start;
  if (region && region->at_end)
    end = *region->at_end;
  else if (last_sample)
    end = *last_sample;
  if (region && !region->at_end && region->heap) {  // it left by a system call, unseen
    end.heap_bytes = region->heap->bytes;
    end.heap_blocks = region->heap->blocks;
  }
  begin.kind = record::CheckpointKind::baseline;
  begin.iteration = 0;
  end.kind = record::CheckpointKind::final;
  end.iteration = iterations;
  return {begin, end};
}

}  // namespace soak::run
