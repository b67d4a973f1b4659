// The classes that count their objects themselves, by soak::Counted.
#pragma once

#include <soak/counted_type.h>

namespace soak::probe {

/// Calls visit(type) for each. Their code is not unloaded meanwhile; those that begin or end wait, so be short.
void visit_counted_types(void (*visit)(soak_counted_type& type, void* context), void* context) noexcept;

}  // namespace soak::probe
