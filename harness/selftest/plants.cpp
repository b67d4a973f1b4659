#include "selftest/plants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "base/units.hpp"

namespace soak::selftest {
namespace {

using config::Limits;

constexpr std::int64_t kib = 1024, mib = 1024 * kib;
constexpr std::int64_t page_bytes = 4 * kib;
/// What is planted grows in a line: three lengths tell, and the whole is to take seconds.
constexpr std::chrono::milliseconds confirm_budget{1500};

std::string size(std::int64_t bytes) { return format_bytes(static_cast<double>(bytes)); }

/// A limit at whose edge something can be planted, and how to say so.
struct Edge {
  std::int64_t limit;
  bool is_own;  ///< The file has none, or one too high.
};

Edge edge_of(const std::optional<std::int64_t>& limit, std::int64_t highest, std::int64_t otherwise) {
  return limit && *limit <= highest ? Edge{*limit, false} : Edge{otherwise, true};
}

std::string against(const Edge& edge, const std::string& limit) {
  return fmt::format("{} {}", edge.is_own ? "set here to" : "limit", limit);
}

// ---- heap ----

constexpr double highest_heap_limit = 4 * 1024;

/// Bytes an iteration that are allowed; a whole number, rounded up, so that what is planted exceeds the limit.
Edge heap_edge(const Limits& limits) {
  const auto& limit = limits.heap_growth_bytes_per_iteration;
  if (!limit || *limit > highest_heap_limit) return {0, true};
  return {static_cast<std::int64_t>(std::ceil(*limit)), false};
}

Planted heap_plant(const Edge& edge, std::string name, std::string what, Amount planted) {
  Planted plant{std::move(name), std::move(what), "heap_growth", true, 1000, planted, {}, {}};
  plant.what += fmt::format(" ({} an iteration)", against(edge, size(edge.limit)));
  plant.free.bytes = planted.bytes;
  if (edge.is_own) plant.limits.heap_growth_bytes_per_iteration = static_cast<double>(edge.limit);
  return plant;
}

void add_heap(const Limits& limits, std::vector<Planted>& plants) {
  const auto edge = heap_edge(limits);
  const auto block = edge.limit + 1;
  plants.push_back(
      heap_plant(edge, "heap_blocks", fmt::format("a block of {} kept at each iteration", size(block)), {1, block}));
  // So few blocks a window that its ends may lie a third of them apart from the slope of the leak.
  const auto rare = 150 * edge.limit + 1;
  plants.push_back(heap_plant(
      edge, "rare_block", fmt::format("a block of {} kept at each hundredth iteration", size(rare)), {100, rare}));
  // Growth in a constant number of blocks shows beyond what rounding may add: 16 bytes for each block alive.
  const auto growth = edge.limit + 128;
  plants.push_back(heap_plant(edge, "growing_buffer",
                              fmt::format("one buffer that grows by {} at each iteration", size(growth)),
                              {1, growth}));
}

// ---- things that are counted ----

constexpr std::int64_t most_planted = 200, most_objects_planted = 2000, own_count_limit = 3;

struct CountedKind {
  const char* name;
  const char* kind;
  std::array<const char*, 2> thing;  ///< One of them, several.
  const char* fate;
  std::optional<std::int64_t> Limits::*limit;
  std::int64_t iterations;  ///< About.
  std::int64_t most = most_planted;
};
constexpr CountedKind counted_kinds[] = {
    {"open_files", "open_files", {"descriptor", "descriptors"}, "never closed", &Limits::open_files_growth, 200},
    {"unjoined_threads", "threads", {"thread", "threads"}, "never joined", &Limits::threads_growth, 200},
    {"unwaited_children",
     "children",
     {"child process", "child processes"},
     "never waited for",
     &Limits::children_growth,
     100},
    {"live_objects",
     "objects",
     {"object of a class", "objects of one class"},
     "never destroyed",
     &Limits::objects_growth,
     200,
     most_objects_planted},
};

Planted counted_plant(const CountedKind& kind, const Limits& limits) {
  const auto edge = edge_of(limits.*kind.limit, kind.most, own_count_limit);
  const auto planted = edge.limit + 1;
  const auto every = std::max<std::int64_t>(kind.iterations / planted, 1);
  Planted plant;
  plant.name = kind.name;
  plant.what = fmt::format("{} {} {} ({})", planted, kind.thing[planted == 1 ? 0 : 1], kind.fate,
                           against(edge, std::to_string(edge.limit)));
  plant.kind = kind.kind;
  plant.must_be_proven = true;
  plant.iterations = every * planted;
  plant.planted.every = every;
  if (edge.limit > 0) plant.free.every = (plant.iterations + edge.limit - 1) / edge.limit;
  if (edge.is_own) plant.limits.*kind.limit = edge.limit;
  return plant;
}

// ---- memory outside the heap ----

constexpr std::int64_t highest_memory_limit = 256 * mib, own_memory_limit = 32 * mib;
constexpr std::int64_t parts = 32, iterations_a_part = 10;

/// Resident memory moves by itself: nearer to a limit than this nothing can be told.
std::int64_t margin_of(std::int64_t limit) { return std::max(mib, limit / 10); }

std::int64_t whole_pages(std::int64_t bytes) { return (bytes + page_bytes - 1) / page_bytes * page_bytes; }

Planted memory_plant(std::string name, std::string kind, const Edge& edge, const char* what) {
  Planted plant;
  plant.name = std::move(name);
  plant.kind = std::move(kind);
  plant.iterations = parts * iterations_a_part;
  plant.what =
      fmt::format("{} {} ({})", size(edge.limit + margin_of(edge.limit)), what, against(edge, size(edge.limit)));
  return plant;
}

/// `parts` pieces over the run. The twin stays within `allowed`, or leaves nothing where there is no room.
void spread(const Edge& edge, std::int64_t allowed, Planted& plant) {
  plant.planted = {iterations_a_part, whole_pages((edge.limit + margin_of(edge.limit)) / parts)};
  const auto within = (allowed - margin_of(allowed)) / parts / page_bytes * page_bytes;
  plant.free = within > 0 ? Amount{iterations_a_part, within} : Amount{0, page_bytes};
}

/// One piece in the middle of the run, between two checkpoints.
void once(std::int64_t bytes, std::int64_t bytes_within, Planted& plant) {
  const auto middle = plant.iterations / 2 - 1;
  plant.planted = {middle, whole_pages(bytes)};
  plant.free = bytes_within > 0 ? Amount{middle, bytes_within / page_bytes * page_bytes + page_bytes} : Amount{};
}

std::int64_t least_limit(std::initializer_list<std::optional<std::int64_t>> limits) {
  auto least = highest_memory_limit;
  for (const auto& limit : limits) least = std::min(least, limit.value_or(least));
  return least;
}

Planted resident_growth(const Limits& limits) {
  const auto edge = edge_of(limits.final_growth_bytes, highest_memory_limit, own_memory_limit);
  auto plant = memory_plant("resident_growth", "final_growth", edge, "of pages mapped, touched and kept");
  spread(edge, std::min(edge.limit, least_limit({limits.peak_growth_bytes, limits.vms_growth_bytes})), plant);
  if (edge.is_own) plant.limits.final_growth_bytes = edge.limit;
  return plant;
}

Planted address_space(const Limits& limits) {
  const auto edge = edge_of(limits.vms_growth_bytes, std::int64_t{1} << 40, 256 * mib);
  auto plant = memory_plant("address_space", "mappings", edge, "of address space mapped and kept");
  spread(edge, edge.limit, plant);
  if (edge.is_own) plant.limits.vms_growth_bytes = edge.limit;
  return plant;
}

Planted resident_peak(const Limits& limits) {
  const auto edge = edge_of(limits.peak_growth_bytes, highest_memory_limit, own_memory_limit);
  auto plant = memory_plant("resident_peak", "peak_growth", edge, "of pages held for a moment");
  once(edge.limit + margin_of(edge.limit), edge.limit - margin_of(edge.limit), plant);
  if (edge.is_own) plant.limits.peak_growth_bytes = edge.limit;
  return plant;
}

// All of resident memory is judged: what the process holds besides lies within the margin's other half.
Planted absolute_peak(const Limits& limits) {
  constexpr std::int64_t own_peak = 64 * mib;
  const auto edge = edge_of(limits.peak_rss_bytes, highest_memory_limit, own_peak);
  auto plant = memory_plant("absolute_peak", "peak_rss", edge, "held in all for a moment");
  plant.limits.peak_growth_bytes = highest_memory_limit * 2;
  once(edge.limit, edge.limit / 2, plant);
  if (edge.is_own) plant.limits.peak_rss_bytes = edge.limit;
  return plant;
}

Planted crash() {
  Planted plant{"crash", "a process that dies of a signal half-way", "crash", true, 100, {50, 1}, {}, {}};
  return plant;
}

}  // namespace

std::vector<Planted> plants_for(const Limits& thresholds) {
  std::vector<Planted> plants;
  add_heap(thresholds, plants);
  for (const auto& kind : counted_kinds) plants.push_back(counted_plant(kind, thresholds));
  plants.push_back(address_space(thresholds));
  plants.push_back(resident_growth(thresholds));
  plants.push_back(resident_peak(thresholds));
  plants.push_back(absolute_peak(thresholds));
  plants.push_back(crash());
  return plants;
}

config::Config config_for(const std::vector<Planted>& plants, const config::Config& thresholds) {
  auto config = config::default_config();
  config.defaults = thresholds.defaults;
  config.severity = thresholds.severity;
  config.timeout = std::chrono::seconds{30};
  const auto add = [&](const std::string& name, const Planted& plant, const Amount& amount) {
    auto& settings = config.tables[name].settings;
    settings.limits = plant.limits;
    settings.iterations = plant.iterations;
    settings.confirm_budget = confirm_budget;
    settings.env = {{"SOAK_PLANT_EVERY", std::to_string(amount.every)},
                    {"SOAK_PLANT_BYTES", std::to_string(amount.bytes)}};
  };
  for (const auto& plant : plants) {
    add("Planted/" + plant.name, plant, plant.planted);
    add("Free/" + plant.name, plant, plant.free);
  }
  return config;
}

}  // namespace soak::selftest
