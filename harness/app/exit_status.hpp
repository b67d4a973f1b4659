// Exit statuses of the soak command that are not a verdict's; see verdict::exit_status for those.
#pragma once

namespace soak {

inline constexpr int leak_found = 1;
inline constexpr int wrong_request = 2;
inline constexpr int not_measured = 3;
inline constexpr int interrupted = 130;

}  // namespace soak
