#include "report/html_site.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "record/identity.hpp"
#include "report/html_parts.hpp"
#include "report/json_text.hpp"

namespace soak::report {
namespace {

Json run_json(const SiteRun& run) {
  std::map<std::string, int> counts;
  for (const auto& [scenario, verdict] : run.verdicts) ++counts[verdict.empty() ? "not judged" : verdict];
  return {{"id", harmless(run.info.id)},
          {"startedAt", harmless(run.info.started_at)},
          {"commit", harmless(run.info.commit)},
          {"dirty", run.info.dirty},
          {"completed", run.info.completed},
          {"counts", counts},
          {"report", harmless_whole(run.report_link)}};
}

std::vector<std::string> scenario_names(const std::vector<SiteRun>& runs) {
  std::vector<std::string> names;
  for (const auto& run : runs)
    for (const auto& [name, verdict] : run.verdicts)
      if (std::ranges::count(names, name) == 0) names.push_back(name);
  return names;
}

std::string page_name(const std::string& scenario) { return record::file_name_of(scenario) + ".html"; }

/// One verdict a run, newest first; empty where the run had no such scenario.
Json verdicts_json(const std::vector<SiteRun>& runs, const std::string& scenario) {
  auto verdicts = Json::array();
  for (const auto& run : runs) {
    const auto found = run.verdicts.find(scenario);
    verdicts.push_back(found == run.verdicts.end() ? "" : found->second);
  }
  return verdicts;
}

/// What a row of the table draws: the heap's growth an iteration, or whatever else has a trend.
Json curve_json(const history::Trend& trend, const std::string& scenario) {
  const history::MetricTrend* drawn = nullptr;
  for (const auto& metric : trend.metrics)
    if (metric.scenario == scenario && (drawn == nullptr || metric.metric == "heap_peak_bytes")) drawn = &metric;
  auto points = Json::array();
  if (drawn != nullptr)
    for (std::size_t i = 0; i < drawn->points.size(); ++i) points.push_back({i, drawn->points[i].value});
  return points;
}

Json scenario_json(const std::vector<SiteRun>& runs, const history::Trend& trend, const std::string& scenario) {
  return {{"name", harmless(scenario)},
          {"page", page_name(scenario)},
          {"verdicts", verdicts_json(runs, scenario)},
          {"changes", std::ranges::count_if(trend.metrics,
                                            [&](const history::MetricTrend& metric) {
                                              return metric.scenario == scenario && !metric.changes.empty();
                                            })},
          {"curve", curve_json(trend, scenario)}};
}

history::Trend trend_of_one(const history::Trend& trend, const std::string& scenario) {
  history::Trend one{{}, trend.notes};
  std::ranges::copy_if(trend.metrics, std::back_inserter(one.metrics),
                       [&](const history::MetricTrend& metric) { return metric.scenario == scenario; });
  return one;
}

std::string page(const Json& site, const std::string& title, const Json& trend) {
  const auto data = data_element("site", site) + data_element("trend", trend);
  const auto escaped_title = escaped_for_html(title);
  return fill_page({{"title", escaped_title},
                    {"style", html_parts::style},
                    {"libraries", html_parts::libraries},
                    {"script", html_parts::script},
                    {"data", data}});
}

}  // namespace

std::vector<SitePage> render_site(const std::vector<SiteRun>& runs, const history::Trend& trend) {
  auto run_list = Json::array(), scenarios = Json::array();
  const auto names = scenario_names(runs);
  for (const auto& run : runs) run_list.push_back(run_json(run));
  for (const auto& name : names) scenarios.push_back(scenario_json(runs, trend, name));
  const Json notes = trend.notes;
  Json site{{"runs", run_list}, {"scenarios", scenarios}, {"scenario", nullptr}};
  std::vector<SitePage> pages{{"index.html", page(site, fmt::format("soak: {} runs", runs.size()),
                                                  {{"metrics", Json::array()}, {"notes", notes}})}};
  for (std::size_t i = 0; i < names.size(); ++i) {
    site["scenarios"] = Json::array({scenarios[i]});
    site["scenario"] = harmless(names[i]);
    pages.push_back({page_name(names[i]), page(site, fmt::format("soak: {}", harmless(names[i])),
                                               Json::parse(to_json(trend_of_one(trend, names[i]))))});
  }
  return pages;
}

}  // namespace soak::report
