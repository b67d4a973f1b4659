// From where a thread is to the number of its stack, when that is not one of those it had lately.
#pragma once

#include "probe/sites/call_sites.hpp"

namespace soak::probe {

/// The site of the stack that `caller` is on; the unknown site where that cannot be told. Afterwards own_sites is
/// set, if the thread has a slot and counters of its own.
[[nodiscard]] std::uint32_t find_site(CallSites& sites, const Registers& caller, layout::SiteKind kind) noexcept;

}  // namespace soak::probe
