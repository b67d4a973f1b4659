// How many objects there are of each class that counts itself (soak::Counted): the dictionary to look at before and
// after, in a test of one's own.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace soak {

/// By the class's name as it is written; classes of which no code has run yet are not there.
using LiveObjects = std::map<std::string, std::int64_t>;

/// Any thread may call this; objects that are made or destroyed meanwhile may be counted or not. Allocates, unlike
/// take_memory_snapshot(): take snapshots on the inner side of the two.
[[nodiscard]] LiveObjects count_live_objects();

/// What there is more of, by how many. Classes of which there are as many or fewer are left out.
[[nodiscard]] LiveObjects grown_objects(const LiveObjects& start, const LiveObjects& end);

}  // namespace soak
