#include "verdict/evidence.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace soak::verdict {

using record::CheckpointKind;

Evidence::Evidence(const record::Scenario& scenario_in, const record::Repetition& repetition_in,
                   const config::ScenarioSettings& settings_in)
    : scenario(scenario_in), repetition(repetition_in), settings(settings_in) {
  for (const auto& checkpoint : repetition.checkpoints) {
    if (checkpoint.kind == CheckpointKind::labelled) continue;
    if (checkpoint.kind == CheckpointKind::baseline && baseline == nullptr) baseline = &checkpoint;
    if (last == nullptr || last->kind != CheckpointKind::final) last = &checkpoint;
  }
  warm_up = settings.warm_up.value_or(last == nullptr ? 0 : last->iteration / 2);
}

bool is_bytes(Reading reading) {
  using record::Checkpoint;
  return reading == &Checkpoint::heap_bytes || reading == &Checkpoint::vms_bytes || reading == &Checkpoint::rss_bytes;
}

bool Evidence::has_final() const { return last != nullptr && last->kind == CheckpointKind::final; }

Series Evidence::series(Reading reading) const {
  Series series;
  for (const auto& checkpoint : repetition.checkpoints)
    if (checkpoint.kind != CheckpointKind::labelled && checkpoint.*reading)
      series.push_back({checkpoint.iteration, *(checkpoint.*reading)});
  std::ranges::stable_sort(series, {}, &Sample::iteration);
  return series;
}

const record::Checkpoint* Evidence::full_of_descriptors() const {
  if (!repetition.open_files_limit) return nullptr;
  // Its last opens may have wanted several, and the probe has some of its own that it does not count.
  const auto full = *repetition.open_files_limit - *repetition.open_files_limit / 32 - 8;
  for (const auto& checkpoint : repetition.checkpoints)
    if (checkpoint.open_files && *checkpoint.open_files >= full) return &checkpoint;
  return nullptr;
}

Series Evidence::growing_series(Reading reading) const {
  auto all = series(reading);
  const auto* const full = reading == &record::Checkpoint::open_files ? full_of_descriptors() : nullptr;
  if (full != nullptr) all.erase(std::ranges::upper_bound(all, full->iteration, {}, &Sample::iteration), all.end());
  return all;
}

Series Evidence::judged_series(Reading reading) const {
  const auto all = series(reading);
  const auto judged = from_iteration(all, warm_up);
  return {judged.begin(), judged.end()};
}

std::optional<std::int64_t> Evidence::growth(Reading reading) const {
  if (baseline == nullptr || last == nullptr || !(baseline->*reading) || !(last->*reading)) return {};
  return *(last->*reading) - *(baseline->*reading);
}

std::int64_t Evidence::expected_heap_growth() const {
  const auto grown = growth(&record::Checkpoint::heap_bytes).value_or(0);
  return std::clamp<std::int64_t>(grown, 0, settings.expected_growth_bytes.value_or(0));
}

std::optional<std::int64_t> Evidence::peak_rss_bytes() const {
  std::optional<std::int64_t> peak;
  for (const auto& checkpoint : repetition.checkpoints)
    for (const auto& bytes : {checkpoint.rss_bytes, checkpoint.peak_rss_bytes})
      if (bytes) peak = std::max(peak.value_or(*bytes), *bytes);
  return peak;
}

int rank(Verdict verdict) {
  constexpr std::array worst_last{Verdict::pass,  Verdict::inconclusive,   Verdict::growing,
                                  Verdict::error, Verdict::over_threshold, Verdict::leak};
  return static_cast<int>(std::ranges::find(worst_last, verdict) - worst_last.begin());
}

Verdict worst_of(const std::vector<Finding>& findings) {
  auto worst = Verdict::pass;
  for (const auto& finding : findings)
    if (rank(finding.verdict) > rank(worst)) worst = finding.verdict;
  return worst;
}

void Judgement::add(Verdict found, Finding finding) {
  if (rank(found) > rank(verdict)) verdict = found;
  finding.verdict = found;
  findings.push_back(std::move(finding));
}

void Judgement::add_missing(std::string message) { add(Verdict::error, {"missing", {}, {}, std::move(message)}); }

}  // namespace soak::verdict
