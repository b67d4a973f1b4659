// Talk, as opposed to results: progress, notes, errors.
#pragma once

#include <cstdio>
#include <string>

namespace soak {

/// Writes to `out`, usually stderr, as far as that goes: a terminal that was closed or a full disk must not cost the
/// run.
void say(std::FILE* out, const std::string& text) noexcept;

}  // namespace soak
