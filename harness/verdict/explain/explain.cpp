#include "verdict/explain/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

#include "base/units.hpp"
#include "verdict/evidence.hpp"
#include "verdict/explain/end_of_run.hpp"
#include "verdict/explain/likely_cause.hpp"
#include "verdict/explain/object_sites.hpp"
#include "verdict/explain/peak_sites.hpp"
#include "verdict/explain/site_growth.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using record::SiteKind;

constexpr double least_share = 0.01;
constexpr std::size_t most_rows = 20;

/// What findings of a kind are made of.
struct Explanation {
  const char* finding_kind;
  SiteKind site_kind;
  Reading total;  ///< The process's own reading of it.
};
constexpr std::array explanations{
    Explanation{"heap_growth", SiteKind::heap, &Checkpoint::heap_bytes},
    Explanation{"open_files", SiteKind::descriptor, &Checkpoint::open_files},
    Explanation{"threads", SiteKind::thread, &Checkpoint::joinable_threads},
    Explanation{"children", SiteKind::child, &Checkpoint::children},
    Explanation{"mappings", SiteKind::mapping, &Checkpoint::vms_bytes},
};
/// Of a process that came to no good end while its live heap grew.
constexpr std::array deaths{
    Explanation{"crash", SiteKind::heap, &Checkpoint::heap_bytes},
    Explanation{"timeout", SiteKind::heap, &Checkpoint::heap_bytes},
    Explanation{"missing", SiteKind::heap, &Checkpoint::heap_bytes},
};

CauseEvidence evidence_of(const record::Repetition& run) {
  return {growth_by_site(run, SiteKind::descriptor, &Checkpoint::open_files).growing,
          was_growing(run, &Checkpoint::joinable_threads)};
}

/// Few enough to read; what makes less than a hundredth is left out.
std::vector<SiteGrowth> worth_telling(std::vector<SiteGrowth> growing) {
  std::erase_if(growing, [](const SiteGrowth& growth) { return growth.share < least_share; });
  growing.resize(std::min(growing.size(), most_rows));
  return growing;
}

void take(GrowthBySite by_site, Finding& finding) {
  finding.sites = worth_telling(std::move(by_site.growing));
  finding.caches = std::move(by_site.caches);
  finding.caches.resize(std::min(finding.caches.size(), most_rows));
}

void add_note(std::string note, Finding& finding) {
  if (!note.empty()) finding.sites_note += (finding.sites_note.empty() ? "" : "; ") + note;
}

// Sites that the probe had no room for may be the very ones.
std::string overflow_note(const record::Repetition& run) {
  const auto lost = run.attribution ? run.attribution->overflowed_allocations : 0;
  if (lost == 0) return {};
  return fmt::format("the table of call sites was full: {} allocation{} no call site", lost,
                     lost == 1 ? " has" : "s have");
}

std::string rest_note(const GrowthBySite& by_site) {
  constexpr double small_rest = 0.1;
  const auto rest = std::transform_reduce(by_site.growing.begin(), by_site.growing.end(), 1.0, std::minus{},
                                          [](const SiteGrowth& growth) { return growth.share; });
  if (by_site.growing.empty() || rest <= small_rest) return {};
  return fmt::format("{:.0f} % of what grows comes from no call site that is known", 100 * rest);
}

void explain(const Explanation& explanation, const record::Repetition& run, const CauseEvidence& evidence,
             Finding& finding) {
  auto by_site = growth_by_site(run, explanation.site_kind, explanation.total);
  finding.likely_cause = likely_cause(finding.kind, by_site.growing, evidence);
  if (explanation.site_kind == SiteKind::heap) add_note(overflow_note(run), finding);
  add_note(rest_note(by_site), finding);
  take(std::move(by_site), finding);
}

std::string bytes(std::int64_t value) { return format_bytes(static_cast<double>(value)); }

std::int64_t grown(const record::Repetition& run, Reading reading) {
  if (run.checkpoints.empty()) return 0;
  return (run.checkpoints.back().*reading).value_or(0) - (run.checkpoints.front().*reading).value_or(0);
}

/// Resident memory has no call sites; what live heap makes of it has.
void explain_final_growth(const record::Repetition& run, Finding& finding) {
  const auto resident = grown(run, &Checkpoint::rss_bytes), heap = grown(run, &Checkpoint::heap_bytes);
  if (heap <= resident / 2)
    return add_note("call sites: not measured, since live heap makes less than half of it and only that has them",
                    finding);
  take(growth_by_site(run, SiteKind::heap, &Checkpoint::heap_bytes), finding);
  add_note(fmt::format("call sites are those of live heap, {} of {} in the run with call sites",
                       bytes(std::min(heap, resident)), bytes(resident)),
           finding);
  add_note(overflow_note(run), finding);
}

/// What was alive at the peak is known as far as checkpoints come near it.
void explain_peak_growth(const record::Repetition& run, Finding& finding) {
  auto alive = alive_at_peak(run);
  if (!alive || static_cast<double>(alive->growth_bytes) <= finding.value.value_or(0) / 2)
    return add_note(
        "call sites: not measured, since no checkpoint of the run with call sites had half of it in live heap",
        finding);
  add_note(
      fmt::format("call sites: what was alive at iteration {} of the run with call sites, where they stood highest, "
                  "{} above the baseline",
                  alive->iteration, bytes(alive->growth_bytes)),
      finding);
  add_note(overflow_note(run), finding);
  finding.sites = worth_telling(std::move(alive->sites));
}

void explain_objects(const record::Scenario& scenario, Finding& finding) {
  auto by_site = object_sites(scenario, finding);
  if (by_site.growing.empty() && by_site.caches.empty())
    return add_note("call sites: not measured, since the type of none says that it makes these objects", finding);
  take(std::move(by_site), finding);
  add_note(overflow_note(scenario.explained_run->repetition), finding);
}

void explain_what_has_no_sites_of_its_own(const record::Scenario& scenario, std::vector<Finding>& findings) {
  const auto& run = scenario.explained_run->repetition;
  for (auto& finding : findings) {
    if (finding.kind == "final_growth") explain_final_growth(run, finding);
    if (finding.kind == "peak_growth") explain_peak_growth(run, finding);
    if (finding.kind == "objects") explain_objects(scenario, finding);
  }
}

}  // namespace

void explain_findings(const record::Scenario& scenario, std::vector<Finding>& findings) {
  if (!scenario.explained_run || findings.empty()) return;
  const auto& run = scenario.explained_run->repetition;
  const auto evidence = evidence_of(run);
  const auto explain_by = [&](const auto& table) {
    for (auto& finding : findings)
      for (const auto& explanation : table)
        if (finding.kind == explanation.finding_kind) explain(explanation, run, evidence, finding);
  };
  explain_by(explanations);
  if (why_not_explained(scenario).empty()) explain_what_has_no_sites_of_its_own(scenario, findings);
  if (std::ranges::any_of(scenario.repetitions, died_growing)) explain_by(deaths);
}

std::string why_not_explained(const record::Scenario& scenario) {
  if (!scenario.explained_run) return {};
  const auto& run = scenario.explained_run->repetition;
  if (!run.attribution) return "the run that was to explain it has no call sites";
  if (!run.attribution->unavailable.empty()) return run.attribution->unavailable;
  const bool has_readings =
      std::ranges::any_of(run.attribution->sites, [](const auto& site) { return !site.history.empty(); });
  if (has_readings) return {};
  return run.message.empty() ? "it left no reading of its call sites" : run.message;
}

}  // namespace soak::verdict
