// Sets the region up when the probe is loaded.
#pragma once

namespace soak::probe {

/// SOAK_PROBE=off.
bool is_off() noexcept;

}  // namespace soak::probe
