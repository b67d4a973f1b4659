#include "report/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "record/identity.hpp"
#include "report/html_data.hpp"
#include "report/json_text.hpp"
#include "report/words.hpp"

namespace soak::report {

namespace {

std::string data_of(const Subject& subject) {
  auto text = data_element("run", overview_json(subject));
  if (subject.comparison != nullptr) text += data_element("comparison", Json::parse(to_json(*subject.comparison)));
  if (subject.trend != nullptr) text += data_element("trend", Json::parse(to_json(*subject.trend)));
  std::size_t index = 0;
  for (const auto& scenario : scenarios_of(subject))
    text += data_element(fmt::format("scenario-{}", index++), detail_json(subject, scenario));
  return text;
}

}  // namespace

std::string data_element(const std::string& id, const Json& json) {
  std::string text;
  for (const char character : json_text(json, -1))
    if (character == '<')
      text += "\\u003c";
    else
      text += character;
  return fmt::format("<script type=\"application/json\" id=\"{}\">{}</script>\n", id, text);
}

std::string escaped_for_html(std::string_view text) {
  std::string result;
  for (const char character : text) {
    if (character == '<')
      result += "&lt;";
    else if (character == '&')
      result += "&amp;";
    else
      result += character;
  }
  return result;
}

std::string fill_page(const std::vector<std::pair<std::string_view, std::string_view>>& values) {
  std::string page;
  std::string_view rest = html_parts::page;
  while (true) {
    const auto begin = rest.find("{{");
    page += rest.substr(0, begin);
    if (begin == std::string_view::npos) return page;
    const auto end = rest.find("}}", begin);
    const auto found = std::ranges::find(values, rest.substr(begin + 2, end - begin - 2),
                                         [](const auto& value) { return value.first; });
    if (found != values.end()) page += found->second;
    rest.remove_prefix(end + 2);
  }
}

std::string render_html(const Subject& subject) {
  const auto title = escaped_for_html(fmt::format("soak: {}", counts_of(subject.verdict)));
  const auto data = data_of(subject);
  return fill_page({{"title", title},
                    {"style", html_parts::style},
                    {"libraries", html_parts::libraries},
                    {"script", html_parts::script},
                    {"data", data}});
}

namespace {

Json run_json(const SiteRun& run) {
  std::map<std::string, int> counts;
  for (const auto& [scenario, verdict] : run.verdicts) ++counts[verdict.empty() ? "not judged" : verdict];
  return {{"id", sanitize(run.info.id)},
          {"startedAt", sanitize(run.info.started_at)},
          {"commit", sanitize(run.info.commit)},
          {"dirty", run.info.dirty},
          {"completed", run.info.completed},
          {"counts", counts},
          {"report", sanitize(run.report_link, any_length)}};
}

std::vector<std::string> scenario_names(const std::vector<SiteRun>& runs) {
  std::vector<std::string> names;
  for (const auto& run : runs)
    for (const auto& [name, verdict] : run.verdicts)
      if (std::ranges::count(names, name) == 0) names.push_back(name);
  return names;
}

std::string page_name(const std::string& scenario) { return record::file_name_of(scenario) + ".html"; }

/// One verdict per run, newest first; empty if the run did not have the scenario.
Json verdicts_json(const std::vector<SiteRun>& runs, const std::string& scenario) {
  auto verdicts = Json::array();
  for (const auto& run : runs) {
    const auto found = run.verdicts.find(scenario);
    verdicts.push_back(found == run.verdicts.end() ? "" : found->second);
  }
  return verdicts;
}

/// The curve in a row of the table: the heap's peak over the commits, or else the first metric that has a trend.
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
  return {{"name", sanitize(scenario)},
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
    site["scenario"] = sanitize(names[i]);
    pages.push_back({page_name(names[i]), page(site, fmt::format("soak: {}", sanitize(names[i])),
                                               Json::parse(to_json(trend_of_one(trend, names[i]))))});
  }
  return pages;
}

}  // namespace soak::report
