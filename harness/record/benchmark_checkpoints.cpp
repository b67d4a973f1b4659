#include "record/benchmark_checkpoints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

#include "record/checkpoint_fields.hpp"

namespace soak::record {
namespace {

struct CounterName {
  std::optional<std::size_t> number;  ///< Of cp07.rss_bytes: 7. Empty for labelled ones.
  std::string_view label;             ///< Of cp.after_cleanup.rss_bytes: after_cleanup.
  std::string_view field;
};

// Splits "cp07.rss_bytes" and "cp.after_cleanup.rss_bytes"; empty for every other key of a row.
std::optional<CounterName> split(std::string_view key) {
  const auto dot = key.find('.');
  if (!key.starts_with("cp") || dot == std::string_view::npos) return {};
  const auto number = key.substr(2, dot - 2);
  const auto rest = key.substr(dot + 1);
  if (number.empty()) {
    const auto second_dot = rest.find('.');
    if (second_dot == std::string_view::npos) return {};
    return CounterName{{}, rest.substr(0, second_dot), rest.substr(second_dot + 1)};
  }
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc{} || end != number.data() + number.size()) return {};
  return CounterName{value, {}, rest};
}

struct Unpacked {
  Checkpoint checkpoint;
  bool has_iteration = false;
};

void read_field(Unpacked& into, std::string_view field, const JsonSpot& counter) {
  if (field == "iteration") {
    into.checkpoint.iteration = counter.count();
    into.has_iteration = true;
  } else if (field == "elapsed_seconds") {
    into.checkpoint.elapsed_seconds = counter.number();
  } else if (field == "cpu_percent") {
    into.checkpoint.cpu_percent = counter.number();
  } else {
    for (const auto& [name, member] : checkpoint_fields)
      if (name == field) into.checkpoint.*member = counter.reading();
  }
}

std::string problem_with(const std::map<std::size_t, Unpacked>& numbered) {
  if (numbered.empty()) return "it has no soak counters: its loop does not go through soak::checkpoints(state)";
  if (numbered.size() == 1) return "it has one checkpoint, not a series: its loop was left before its end";
  std::size_t expected = 0;
  for (const auto& [number, unpacked] : numbered) {
    if (number != expected++) return fmt::format("its checkpoint {} is missing", expected - 1);
    if (!unpacked.has_iteration) return fmt::format("its checkpoint {} does not say its iteration", number);
  }
  return {};
}

}  // namespace

UnpackedCheckpoints unpack_checkpoints(const JsonSpot& row) {
  std::map<std::size_t, Unpacked> numbered;
  std::map<std::string, Unpacked, std::less<>> labelled;
  for (const auto& [key, counter] : row.members()) {
    if (const auto name = split(key))
      read_field(name->number ? numbered[*name->number] : labelled[std::string(name->label)], name->field, counter);
  }

  UnpackedCheckpoints result{{}, problem_with(numbered)};
  for (auto& [number, unpacked] : numbered) {
    unpacked.checkpoint.kind = number == 0 ? CheckpointKind::baseline : CheckpointKind::interval;
    result.checkpoints.push_back(unpacked.checkpoint);
  }
  if (result.problem.empty()) result.checkpoints.back().kind = CheckpointKind::final;
  for (auto& [label, unpacked] : labelled) {
    unpacked.checkpoint.kind = CheckpointKind::labelled;
    unpacked.checkpoint.label = label;
    result.checkpoints.push_back(unpacked.checkpoint);
  }
  const auto position = [](const Checkpoint& checkpoint) {
    return std::tuple(checkpoint.kind == CheckpointKind::final, checkpoint.kind != CheckpointKind::baseline,
                      checkpoint.iteration);
  };
  std::ranges::stable_sort(result.checkpoints, {}, position);
  return result;
}

}  // namespace soak::record
