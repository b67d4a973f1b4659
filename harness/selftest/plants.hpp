// What is planted: for every kind of finding a leak as small as the thresholds just do not allow, and a twin that
// does the same work within them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace soak::selftest {

/// How much a scenario leaves behind: `bytes` at each iteration whose number is a multiple of `every`; 0: nothing.
struct Amount {
  std::int64_t every = 0, bytes = 1;
};

struct Planted {
  std::string name;             ///< Planted/NAME is to be caught, Free/NAME to pass.
  std::string what;             ///< For people: "41 descriptors opened and never closed, of which 40 are allowed".
  std::string kind;             ///< Of the finding it must be caught by.
  bool must_be_proven = false;  ///< As a leak or, of what dies, as an error; else an exceeded limit is enough.
  std::int64_t iterations = 0;
  Amount planted, free;
  config::Limits limits;  ///< Of these scenarios, where they differ from the thresholds.
};

/// At the edge of these limits. A limit that is not set, or one so high that planting more would harm the machine, is
/// replaced for the scenarios of its kind, which `what` says.
[[nodiscard]] std::vector<Planted> plants_for(const config::Limits& thresholds);

/// `thresholds` of the file for everything, and a table for each planted scenario and each twin.
[[nodiscard]] config::Config config_for(const std::vector<Planted>& plants, const config::Config& thresholds);

}  // namespace soak::selftest
