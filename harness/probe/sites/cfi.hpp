// The unwinding rule for an address, read from a module's .eh_frame.
#pragma once

#include "probe/sites/frame_rule.hpp"

namespace soak::probe {

/// The rule that holds at `address`, an instruction's, not a return address. `eh_frame_header` is the module's
/// PT_GNU_EH_FRAME segment in memory. Stops (CfaRule::stop) where there is no rule or one that is not understood: a
/// wrong frame would be worse than none. Does not allocate; signal handlers may call it.
[[nodiscard]] FrameRule find_frame_rule(const void* eh_frame_header, std::uint64_t address) noexcept;

}  // namespace soak::probe
