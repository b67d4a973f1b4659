// All that the author of a scenario needs.
#pragma once

#include <soak/checkpoints.hpp>
#include <soak/counted.hpp>
#include <soak/live_objects.hpp>
#include <soak/memory_leak_report.hpp>
#include <soak/memory_profiler.hpp>
#include <soak/memory_snapshot.hpp>
#include <soak/scenario.hpp>
