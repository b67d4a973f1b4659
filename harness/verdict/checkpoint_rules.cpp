#include "verdict/checkpoint_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/units.hpp"
#include "record/identity.hpp"

namespace soak::verdict {
namespace {

using config::CheckpointLimits;
using record::Checkpoint;
using record::CheckpointKind;

// Counters carry labels as slugs, the region as they were written.
bool has_label(const Checkpoint& checkpoint, const std::string& label) {
  return checkpoint.kind == CheckpointKind::labelled &&
         (checkpoint.label == label || record::slug_of(checkpoint.label) == record::slug_of(label));
}

std::vector<const Checkpoint*> checkpoints_meant(const Evidence& evidence, const CheckpointLimits& limits) {
  std::vector<const Checkpoint*> meant;
  for (const auto& checkpoint : evidence.repetition.checkpoints) {
    const bool by_label = !limits.label.empty() && has_label(checkpoint, limits.label);
    const bool by_iteration = limits.label.empty() && checkpoint.kind != CheckpointKind::labelled &&
                              checkpoint.iteration >= limits.iteration.value_or(0);
    if (by_label || by_iteration) meant.push_back(&checkpoint);
    if (by_iteration) break;
  }
  return meant;
}

std::string name_of(const CheckpointLimits& limits) {
  return limits.label.empty() ? fmt::format("iteration {}", limits.iteration.value_or(0))
                              : fmt::format("checkpoint '{}'", limits.label);
}

struct CheckpointRule {
  const char* kind;
  const char* what;  ///< Grows.
  Reading reading;
  std::optional<std::int64_t> CheckpointLimits::*limit;
  bool is_bytes;
};

constexpr CheckpointRule rules[] = {
    {"final_growth", "resident memory", &Checkpoint::rss_bytes, &CheckpointLimits::rss_growth_bytes, true},
    {"mappings", "address space", &Checkpoint::vms_bytes, &CheckpointLimits::vms_growth_bytes, true},
    {"heap_growth", "live heap", &Checkpoint::heap_bytes, &CheckpointLimits::heap_growth_bytes, true},
    {"open_files", "open files", &Checkpoint::open_files, &CheckpointLimits::open_files_growth, false},
    {"threads", "threads", &Checkpoint::threads, &CheckpointLimits::threads_growth, false},
    {"children", "child processes", &Checkpoint::children, &CheckpointLimits::children_growth, false},
};

std::string figure(const CheckpointRule& rule, std::int64_t value) {
  return rule.is_bytes ? format_bytes(static_cast<double>(value)) : fmt::format("{}", value);
}

// The highest of the growth at checkpoints of one label; empty where one of them, or the baseline, lacks the reading.
std::optional<std::int64_t> highest_growth(const Evidence& evidence,
                                           const std::vector<const Checkpoint*>& checkpoints, Reading reading) {
  std::optional<std::int64_t> highest;
  for (const auto* checkpoint : checkpoints) {
    if (!(checkpoint->*reading) || !(evidence.baseline->*reading)) return {};
    const auto growth = *(checkpoint->*reading) - *(evidence.baseline->*reading);
    highest = std::max(highest.value_or(growth), growth);
  }
  return highest;
}

void judge_rule(const Evidence& evidence, const CheckpointLimits& limits, const CheckpointRule& rule,
                const std::vector<const Checkpoint*>& checkpoints, Judgement& judgement) {
  const auto limit = limits.*rule.limit;
  if (!limit) return;
  const auto growth = highest_growth(evidence, checkpoints, rule.reading);
  if (!growth)
    return judgement.add_missing(
        fmt::format("{} at {} was not measured, so its growth cannot be judged", rule.what, name_of(limits)));
  if (*growth <= *limit) return;
  judgement.add(Verdict::over_threshold, {rule.kind, static_cast<double>(*growth), static_cast<double>(*limit),
                                          fmt::format("{} at {}: {} above the baseline (limit {})", rule.what,
                                                      name_of(limits), figure(rule, *growth), figure(rule, *limit))});
}

}  // namespace

void judge_checkpoints(const Evidence& evidence, Judgement& judgement) {
  for (const auto& limits : evidence.settings.checkpoints) {
    const auto checkpoints = checkpoints_meant(evidence, limits);
    if (checkpoints.empty()) {
      judgement.add_missing(fmt::format("has limits at {}, where no checkpoint was taken", name_of(limits)));
      continue;
    }
    if (!limits.label.empty() && evidence.repetition.checkpoints_dropped > 0)
      judgement.add_missing(
          fmt::format("has limits at {}, some of which may be among the {} labelled checkpoints that were dropped; "
                      "take fewer of them",
                      name_of(limits), evidence.repetition.checkpoints_dropped));
    for (const auto& rule : rules) judge_rule(evidence, limits, rule, checkpoints, judgement);
  }
}

}  // namespace soak::verdict
