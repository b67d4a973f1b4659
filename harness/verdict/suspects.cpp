#include "verdict/suspects.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/units.hpp"
#include "verdict/object_rules.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using record::Ending;

struct SuspectKind {
  const char* kind;
  Reading reading;
};
// Limits in absolute bytes (final_growth and the like) judge the planned length only.
constexpr SuspectKind suspect_kinds[] = {
    {"heap_growth", &Checkpoint::heap_bytes}, {"open_files", &Checkpoint::open_files},
    {"threads", &Checkpoint::threads},        {"threads", &Checkpoint::joinable_threads},
    {"children", &Checkpoint::children},      {"mappings", &Checkpoint::vms_bytes},
};

std::span<const Sample> last_eighth(const Series& series) {
  return from_iteration(series, series.back().iteration - series.back().iteration / 8);
}

bool is_bytes(Reading reading) { return reading == &Checkpoint::heap_bytes || reading == &Checkpoint::vms_bytes; }

// Of bytes the lowest reading of the last eighth: what comes and goes does not count as growth.
std::optional<std::int64_t> level_at_end(const Series& series, Reading reading) {
  if (series.empty()) return {};
  if (!is_bytes(reading)) return series.back().value;
  return std::ranges::min(last_eighth(series), {}, &Sample::value).value;
}

std::optional<ScaledGrowth> growth_of(const record::Scenario& scenario, const record::Repetition& repetition,
                                      const config::ScenarioSettings& settings, Reading reading) {
  const Evidence evidence(scenario, repetition, settings);
  if (repetition.ending != Ending::finished || !evidence.has_final() || evidence.baseline == nullptr) return {};
  const auto level = level_at_end(evidence.series(reading), reading);
  if (!level || !(evidence.baseline->*reading)) return {};
  return ScaledGrowth{evidence.last->iteration, *level - *(evidence.baseline->*reading)};
}

/// Of the objects of one type, which must have been counted in that run too.
std::optional<ScaledGrowth> growth_of_type(const record::Repetition& repetition, const std::string& name) {
  const auto type = std::ranges::find(repetition.types, name, &record::LiveType::name);
  if (repetition.ending != Ending::finished || type == repetition.types.end() || type->history.empty()) return {};
  return ScaledGrowth{type->history.back().iteration, type->history.back().count - type->history.front().count};
}

std::vector<ScaledGrowth> lengths_of(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                                     Reading reading) {
  std::vector<ScaledGrowth> lengths;
  const auto add = [&](const record::Repetition& repetition) {
    if (const auto growth = growth_of(scenario, repetition, settings, reading)) lengths.push_back(*growth);
  };
  if (!scenario.repetitions.empty()) add(scenario.repetitions.front());
  for (const auto& scaled : scenario.scaled_runs) add(scaled.repetition);
  std::ranges::sort(lengths, {}, &ScaledGrowth::iterations);
  return lengths;
}

// How far readings of the last eighth lie apart: noise, and a sixth of what a leak added since the length before.
std::int64_t noise_at_end(const Series& series) {
  if (series.empty()) return 0;
  const auto [low, high] = std::ranges::minmax(last_eighth(series), {}, &Sample::value);
  return high.value - low.value;
}

// One block of the smallest size, or one arena of malloc's; a count is exact.
std::int64_t granule_of(Reading reading) {
  if (reading == &Checkpoint::heap_bytes) return 24;
  return reading == &Checkpoint::vms_bytes ? 64 << 20 : 0;
}

const record::Repetition* longest_run(const record::Scenario& scenario) {
  const record::Repetition* longest = scenario.repetitions.empty() ? nullptr : &scenario.repetitions.front();
  for (const auto& scaled : scenario.scaled_runs)
    if (scaled.repetition.ending == Ending::finished && longest != nullptr &&
        scaled.repetition.iterations.value_or(0) > longest->iterations.value_or(0))
      longest = &scaled.repetition;
  return longest;
}

std::int64_t tolerance_of(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                          Reading reading) {
  const auto* const longest = longest_run(scenario);
  const auto noise = longest == nullptr ? 0 : noise_at_end(Evidence(scenario, *longest, settings).series(reading));
  return std::max(granule_of(reading), noise);
}

bool grew(const std::vector<ScaledGrowth>& lengths) { return !lengths.empty() && lengths.back().growth > 0; }

/// Nothing where the first run counted no types.
std::optional<Suspect> suspected_type(const record::Scenario& scenario) {
  const auto* const type = scenario.repetitions.empty() ? nullptr : most_grown_type(scenario.repetitions.front());
  if (type == nullptr) return {};
  Suspect suspect{"objects", nullptr, 0, {}};
  const auto add = [&](const record::Repetition& repetition) {
    if (const auto growth = growth_of_type(repetition, type->name)) suspect.lengths.push_back(*growth);
  };
  add(scenario.repetitions.front());
  for (const auto& scaled : scenario.scaled_runs) add(scaled.repetition);
  std::ranges::sort(suspect.lengths, {}, &ScaledGrowth::iterations);
  return suspect;
}

}  // namespace

std::vector<Suspect> suspects_of(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                                 const Judgement& judgement) {
  std::vector<Suspect> suspects;
  for (const auto& [kind, reading] : suspect_kinds) {
    if (std::ranges::count(judgement.findings, kind, &Finding::kind) == 0) continue;
    auto lengths = lengths_of(scenario, settings, reading);
    if (grew(lengths))
      suspects.push_back({kind, reading, tolerance_of(scenario, settings, reading), std::move(lengths)});
  }
  if (std::ranges::count(judgement.findings, std::string("objects"), &Finding::kind) > 0)
    if (auto suspect = suspected_type(scenario); suspect && grew(suspect->lengths))
      suspects.push_back(std::move(*suspect));
  return suspects;
}

namespace {

// Most telling first.
const Suspect* strongest(const std::vector<Suspect>& suspects, const std::string& kind) {
  const Suspect* strongest = nullptr;
  for (const auto& suspect : suspects)
    if (suspect.kind == kind && (strongest == nullptr || suspect.shape() > strongest->shape())) strongest = &suspect;
  return strongest;
}

// "12 KiB after 1,000, 47 KiB after 4,000, 188 KiB after 16,000 iterations"
std::string told(const Suspect& suspect) {
  std::string text;
  for (const auto& [iterations, growth] : suspect.lengths)
    text += fmt::format(
        "{}{} after {}", text.empty() ? "" : ", ",
        is_bytes(suspect.reading) ? config::format_bytes(static_cast<double>(growth)) : std::to_string(growth),
        iterations);
  return text + " iterations";
}

// A limit on a count stays exceeded when the count no longer grows; growth of the heap that stopped was warm-up.
bool is_settled(const Suspect& suspect, Finding& finding) {
  if (suspect.reading == &Checkpoint::heap_bytes) return true;
  finding.verdict = Verdict::over_threshold;
  finding.message += "; it does not grow with the iterations: " + told(suspect);
  return false;
}

// False: the finding is to be dropped.
bool weigh(const Suspect& suspect, Finding& finding) {
  finding.shape = suspect.shape();
  finding.confirmed = suspect.lengths;
  finding.per_iteration = growth_per_iteration(suspect.lengths);
  switch (finding.shape) {
    case Shape::flat:
    case Shape::warm_up:
    case Shape::step:
    case Shape::saw_tooth:
      return !is_settled(suspect, finding);
    case Shape::intermittent:
    case Shape::linear:
    case Shape::faster:
      finding.verdict = Verdict::leak;
      finding.message += fmt::format("; {} to {} iterations: {}", to_string(finding.shape),
                                     suspect.lengths.back().iterations, told(suspect));
      return true;
    case Shape::unknown:
    case Shape::logarithmic:
    case Shape::square_root:
      break;
  }
  finding.verdict = Verdict::growing;
  const auto why = suspect.lengths.size() < 3 ? std::string("it could be run at too few lengths to prove a leak")
                                              : fmt::format("its growth slows down ({})", to_string(finding.shape));
  finding.message += fmt::format("; {}: {}", why, told(suspect));
  return true;
}

}  // namespace

void weigh_by_scaled_runs(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                          Judgement& judgement) {
  if (scenario.scaled_runs.empty()) return;
  const auto suspects = suspects_of(scenario, settings, judgement);
  std::erase_if(judgement.findings, [&](Finding& finding) {
    const auto* const suspect = strongest(suspects, finding.kind);
    return suspect != nullptr && !weigh(*suspect, finding);
  });
  judgement.verdict = worst_of(judgement.findings);
}

}  // namespace soak::verdict
