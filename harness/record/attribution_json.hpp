// Call sites and live types as they stand in run.json. Frames stand once in a list of their own, stacks are indices
// into it, because the outer halves of stacks are alike. A history is a list for each figure, or one number if it
// never changed.
#pragma once

#include <vector>

#include "record/json_document.hpp"
#include "record/record.hpp"
#include "record/record_file.hpp"

namespace soak::record {

[[nodiscard]] nlohmann::ordered_json json_of(const Attribution& attribution);
[[nodiscard]] nlohmann::ordered_json json_of(const LiveType& type);

/// Limits the size of all stacks: a frame that stands once in the file may be named by any number of them.
struct StackBudget {
  std::size_t bytes_left = largest_file_bytes;
};

/// These throw UnreadableRecord, also if stacks are larger than the budget, which they use up.
[[nodiscard]] Attribution attribution_of(const JsonSpot& json, StackBudget& budget);
[[nodiscard]] LiveType live_type_of(const JsonSpot& json);

}  // namespace soak::record
