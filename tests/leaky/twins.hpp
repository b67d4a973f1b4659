// Programs that leak on purpose, and their repaired twins. One source makes both: the repair stands under
// `if constexpr (twin == Twin::fixed)`, or is chosen by the template's argument, so that nothing else can differ.
//
// In each source the line that allocates what leaks, or opens it, ends in the comment "leaks here". Whoever explains
// a leak must name that line.
#pragma once

#include <soak/soak.hpp>

namespace leaky {

enum class Twin { leaky, fixed };

}  // namespace leaky

/// Registers function<Twin::leaky> as Leaky/NAME and function<Twin::fixed> as Fixed/NAME, NAME being the function's.
/// Choose iterations so that the leak stays under 20 MB and 200 descriptors: the whole binary may run in one process.
#define LEAKY_TWINS(function, iterations)                                                         \
  SOAK_BENCHMARK(function<leaky::Twin::leaky>)->Name("Leaky/" #function)->Iterations(iterations); \
  SOAK_BENCHMARK(function<leaky::Twin::fixed>)->Name("Fixed/" #function)->Iterations(iterations)
