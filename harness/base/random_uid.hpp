// A name for a run that no other run has.
#pragma once

#include <string>

namespace soak {

/// 128 random bits from the kernel, as 32 hexadecimal digits: two machines that start in the same second, or two
/// runs into different folders, do not meet on one.
[[nodiscard]] std::string random_uid();

}  // namespace soak
