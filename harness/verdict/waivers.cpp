#include "verdict/waivers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/glob.hpp"
#include "config/source_text.hpp"
#include "verdict/evidence.hpp"

namespace soak::verdict {
namespace {

using config::Config;
using config::Waiver;

// What waived sites must make of a finding's growth: the rest is blocks that no site is known of.
constexpr double share_that_is_all = 0.9;

bool has_expired(const Waiver& waiver, const record::Run& run) {
  constexpr std::size_t date_size = 10;  // YYYY-MM-DD
  return run.started_at.size() >= date_size && run.started_at.substr(0, date_size) > waiver.until;
}

// The path, or any end of it that begins with a folder's or the file's name.
bool matches_place(const Glob& glob, const record::CallSite& site) {
  if (site.file.empty()) return false;
  const auto place = fmt::format("{}:{}", site.file, site.line);
  if (glob.matches(place)) return true;
  for (auto slash = place.find('/'); slash != std::string::npos; slash = place.find('/', slash + 1))
    if (glob.matches(place.substr(slash + 1))) return true;
  return false;
}

bool matches_site(const Waiver& waiver, const record::CallSite& site) {
  const Glob glob(waiver.site);
  return glob.matches(site.function) || glob.matches(site.function.substr(0, site.function.find('('))) ||
         matches_place(glob, site);
}

// What was not measured is never waived, by site either.
bool can_be_waived(const Finding& finding) {
  return finding.verdict != Verdict::error && finding.verdict != Verdict::inconclusive;
}

bool is_about(const Waiver& waiver, const Finding& finding) {
  return waiver.metric.empty() || waiver.metric == finding.kind;
}

bool matches_any_site(const Waiver& waiver, const Finding& finding) {
  return std::ranges::any_of(finding.sites,
                             [&](const SiteGrowth& growth) { return matches_site(waiver, growth.site); });
}

using Waivers = std::vector<const Waiver*>;

// The waiver that accounts for the whole finding, or the first of those that do together; null where growth is left.
const Waiver* waiver_of(const Finding& finding, const Waivers& waivers) {
  const Waiver* first = nullptr;
  double share = 0;
  std::size_t sites_waived = 0;
  for (const auto* waiver : waivers)
    if (waiver->site.empty()) return waiver;
  for (const auto& growth : finding.sites) {
    const auto waiver = std::ranges::find_if(waivers, [&](const Waiver* w) { return matches_site(*w, growth.site); });
    if (waiver == waivers.end()) continue;
    if (first == nullptr) first = *waiver;
    share += growth.share;
    ++sites_waived;
  }
  return sites_waived == finding.sites.size() && share >= share_that_is_all ? first : nullptr;
}

class Application {
 public:
  Application(const record::Run& run, const Config& config) : run_(run), config_(config) {}

  void apply(ScenarioVerdict& scenario) {
    bool any = false;
    for (auto& finding : scenario.findings) {
      if (!can_be_waived(finding)) continue;
      const auto* const waiver = waiver_of(finding, waivers_for(scenario, finding));
      if (waiver != nullptr) finding.waived = {waiver->reason, waiver->until};
      any = any || waiver != nullptr;
    }
    if (!any) return;
    auto left = scenario.findings;
    std::erase_if(left, [](const Finding& finding) { return finding.waived.has_value(); });
    scenario.verdict = worst_of(left);
    if (scenario.verdict == Verdict::pass) scenario.severity = config::Severity::none;
  }

  [[nodiscard]] std::vector<std::string> wrong_requests(const RunVerdict& verdict) const {
    std::vector<std::string> wrong;
    for (const auto& waiver : config_.waivers)
      if (has_expired(waiver, run_))
        wrong.push_back(located(config_.file, waiver.until_place,
                                fmt::format("the waiver for '{}' expired on {}, before this run: mend it, or extend "
                                            "the waiver",
                                            waiver.scenario, waiver.until)));
      else if (std::ranges::count(matched_, &waiver) == 0 && could_have_matched(waiver, verdict))
        wrong.push_back(located(config_.file, waiver.place,
                                fmt::format("the waiver for '{}' matched no finding: what it waives is not there any "
                                            "more; remove it",
                                            waiver.scenario)));
    return wrong;
  }

 private:
  // Those that are valid and have to do with the finding.
  Waivers waivers_for(const ScenarioVerdict& scenario, const Finding& finding) {
    Waivers waivers;
    for (const auto& waiver : config_.waivers) {
      if (has_expired(waiver, run_) || !is_about(waiver, finding) || !Glob(waiver.scenario).matches(scenario.name))
        continue;
      if (!waiver.site.empty() && !matches_any_site(waiver, finding)) continue;
      waivers.push_back(&waiver);
      matched_.push_back(&waiver);
    }
    return waivers;
  }

  // Everything that it is for was in the run and was measured, and no finding lacks the sites that it asks for.
  [[nodiscard]] bool could_have_matched(const Waiver& waiver, const RunVerdict& verdict) const {
    const Glob glob(waiver.scenario);
    const auto is_known_by_name = [&](const ScenarioVerdict& scenario) { return glob.matches(scenario.name); };
    const auto is_meant = [&](const std::string& name) { return glob.matches(name); };
    const auto in_run = std::ranges::count_if(verdict.scenarios, is_known_by_name);
    const auto known = std::ranges::count_if(run_.known_scenarios, is_meant);
    if (in_run == 0 || in_run < known || (known == 0 && !glob.is_plain())) return false;
    return std::ranges::none_of(verdict.scenarios, [&](const ScenarioVerdict& scenario) {
      return is_known_by_name(scenario) && (scenario.verdict == Verdict::error || lacks_sites(waiver, scenario));
    });
  }

  static bool lacks_sites(const Waiver& waiver, const ScenarioVerdict& scenario) {
    return !waiver.site.empty() && std::ranges::any_of(scenario.findings, [&](const Finding& finding) {
      return is_about(waiver, finding) && finding.sites.empty();
    });
  }

  const record::Run& run_;
  const Config& config_;
  Waivers matched_;
};

}  // namespace

void apply_waivers(const record::Run& run, const Config& config, RunVerdict& verdict) {
  if (config.waivers.empty()) return;
  Application application(run, config);
  for (auto& scenario : verdict.scenarios) application.apply(scenario);
  verdict.wrong_requests = application.wrong_requests(verdict);
}

}  // namespace soak::verdict
