#include "history/metric_trend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/spelling.hpp"
#include "base/user_error.hpp"
#include "history/change_points.hpp"
#include "history/fingerprints.hpp"
#include "history/metric_change.hpp"
#include "history/rank_test.hpp"
#include "history/repository.hpp"
#include "history/store.hpp"

namespace soak::history {

namespace {

constexpr double granule_bytes = 16;

/// The commits of the branch that have runs, oldest first, each with its runs.
struct Line {
  std::vector<std::string> commits;
  std::map<std::string, std::size_t> place_of;
  std::vector<std::size_t> place_in_history;  ///< The index of each of `commits` among all commits of the branch.
};

struct Source {
  std::vector<RunInfo> runs;  ///< Newest first.
  Line line;
  std::map<std::string, std::string> subjects;
};

Line line_of(const std::vector<std::string>& history, const std::vector<RunInfo>& runs) {
  std::set<std::string> measured;
  for (const auto& run : runs) measured.insert(run.commit);
  Line line;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (!measured.contains(history[i])) continue;
    line.place_of[history[i]] = line.commits.size();
    line.commits.push_back(history[i]);
    line.place_in_history.push_back(i);
  }
  return line;
}

void note_left_out(std::size_t count, std::string_view why, std::vector<std::string>& notes) {
  if (count > 0) notes.push_back(fmt::format("{} run{} left out: {}", count, count == 1 ? "" : "s", why));
}

Source source_of(const Repository& repository, Store& store, const std::string& since,
                 std::vector<std::string>& notes) {
  Source source;
  const auto history = repository.history("HEAD", since.empty() ? "" : repository.commit_of(since));
  const std::set<std::string> of_branch(history.begin(), history.end());
  std::size_t dirty = 0, elsewhere = 0;
  for (auto& run : store.runs()) {
    if (run.dirty) {
      ++dirty;
    } else if (!of_branch.contains(run.commit)) {
      ++elsewhere;
    } else {
      source.runs.push_back(std::move(run));
    }
  }
  note_left_out(dirty, "they had uncommitted changes", notes);
  note_left_out(elsewhere,
                since.empty() ? "HEAD has no such commit behind it"
                              : fmt::format("HEAD has no such commit between {} and itself", since),
                notes);
  source.line = line_of(history, source.runs);
  source.subjects = repository.subjects(source.line.commits);
  return source;
}

/// The results of one scenario under all of its names, oldest commit first, in the given order within a commit.
std::vector<ScenarioResult> results_of(Store& store, const Source& source, const std::vector<std::string>& names) {
  auto results = store.results(source.runs, names);
  std::ranges::stable_sort(results, {}, [&source](const ScenarioResult& result) {
    return source.line.place_of.at(source.runs[result.run].commit);
  });
  return results;
}

/// The number of iterations in the newest run that has the scenario.
const ScenarioResult& newest(const std::vector<ScenarioResult>& results) {
  return *std::ranges::min_element(results, {}, &ScenarioResult::run);
}

bool depends_on_length(const record::Metric& metric) {
  return metric.unit == record::Unit::bytes || metric.unit == record::Unit::count;
}

class MetricSeries {
 public:
  MetricSeries(const record::Metric& metric, const Source& source, const TrendRequest& request)
      : metric_(metric), source_(source), request_(request) {}

  /// Empty if no run has the metric.
  std::optional<MetricTrend> trend_of(const std::string& scenario, const std::vector<ScenarioResult>& results) {
    if (results.empty()) return {};
    const auto& last = newest(results);
    for (const auto& result : results) take(result, last);
    finish_commit();
    if (trend_.points.empty()) return {};
    trend_.scenario = scenario;
    trend_.metric = metric_.name;
    trend_.unit = metric_.unit;
    trend_.is_exact = metric_.is_exact && !repetitions_differ();
    trend_.changes = find_change_points(metric_, trend_.points, trend_.is_exact);
    for (auto& change : trend_.changes) name_commits(change);
    return std::move(trend_);
  }

  std::size_t other_lengths = 0, other_machines = 0, disturbed = 0;

 private:
  void take(const ScenarioResult& result, const ScenarioResult& last) {
    if (metric_.name == "iteration_time_ns" && result.figures.contains(disturbed_time)) ++disturbed;
    const auto values = result.figures.find(std::string(metric_.name));
    if (values == result.figures.end() || values->second.empty()) return;
    if (depends_on_length(metric_) && result.iterations != last.iterations) {
      ++other_lengths;
      return;
    }
    const auto &run = source_.runs[result.run], &newest_run = source_.runs[last.run];
    const auto unlike = differences(with_own_keys(run.fingerprint), with_own_keys(newest_run.fingerprint));
    if (!metric_.is_exact && !request_.across_machines && !unlike.empty()) {
      ++other_machines;
      return;
    }
    if (commit_ != run.commit) finish_commit();
    commit_ = run.commit;
    ++runs_;
    started_at_ = std::max(started_at_, run.started_at);
    fingerprint_ = run.fingerprint;
    values_.insert(values_.end(), values->second.begin(), values->second.end());
    add_rounding(result);
  }

  void add_rounding(const ScenarioResult& result) {
    const auto blocks = result.figures.find("heap_blocks");
    if (blocks != result.figures.end() && !blocks->second.empty())
      rounding_ = std::max(rounding_, granule_bytes * median(blocks->second));
  }

  void finish_commit() {
    if (values_.empty()) return;
    const auto subject = source_.subjects.find(commit_);
    trend_.points.push_back({.commit = commit_,
                             .subject = subject == source_.subjects.end() ? "" : subject->second,
                             .started_at = started_at_,
                             .runs = runs_,
                             .value = median(values_),
                             .low = *std::ranges::min_element(values_),
                             .high = *std::ranges::max_element(values_),
                             .rounding_bytes = rounding_});
    fingerprints_.push_back(with_own_keys(fingerprint_));
    commit_.clear();
    started_at_.clear();
    values_.clear();
    runs_ = 0;
    rounding_ = 0;
  }

  [[nodiscard]] bool repetitions_differ() const {
    return std::ranges::any_of(trend_.points,
                               [](const TrendPoint& point) { return point.high - point.low > point.rounding_bytes; });
  }

  void name_commits(ChangePoint& change) const {
    change.last_old = trend_.points[change.index - 1].commit;
    change.first_new = trend_.points[change.index].commit;
    const auto place = [this](const std::string& commit) {
      return source_.line.place_in_history[source_.line.place_of.at(commit)];
    };
    change.commits = static_cast<std::int64_t>(place(change.first_new) - place(change.last_old));
    change.machine_change = sentence_of(differences(fingerprints_[change.index - 1], fingerprints_[change.index]));
  }

  const record::Metric& metric_;
  const Source& source_;
  const TrendRequest& request_;
  MetricTrend trend_;
  std::vector<record::Fingerprint> fingerprints_;  ///< With each point.
  // The commit that is being read.
  std::string commit_, started_at_;
  record::Fingerprint fingerprint_;
  std::vector<double> values_;
  std::size_t runs_ = 0;
  double rounding_ = 0;
};

/// Every name that a scenario had, by its newest one.
std::map<std::string, std::vector<std::string>> names_by_newest(const std::vector<std::string>& names,
                                                                const config::Config& config) {
  std::map<std::string, std::vector<std::string>> by_newest;
  for (const auto& name : names) by_newest[config.newest_name(name)].push_back(name);
  return by_newest;
}

[[noreturn]] void refuse_scenario(const std::string& asked, const std::vector<std::string>& known,
                                  const std::string& store) {
  throw UserError(fmt::format("{} has no run of the scenario '{}'{}", store, asked, did_you_mean(asked, known)));
}

void require_metric(const std::string& metric) {
  if (metric.empty() || record::metric_named(metric) != nullptr) return;
  std::vector<std::string> known;
  for (const auto& each : record::metrics) known.emplace_back(each.name);
  throw UserError(fmt::format("unknown metric '{}'{}", metric, did_you_mean(metric, known)));
}

}  // namespace

Trend trend_of(const TrendRequest& request, const Places& places) {
  require_metric(request.metric);
  const Repository repository(places.repository_folder);
  Store store(places.store, Access::read);
  Trend trend;
  const auto source = source_of(repository, store, request.since, trend.notes);
  const auto scenarios = names_by_newest(store.scenario_names(), places.config);
  const auto wanted = places.config.newest_name(request.scenario);
  if (!request.scenario.empty() && !scenarios.contains(wanted))
    refuse_scenario(request.scenario, store.scenario_names(), store.name());
  std::size_t other_lengths = 0, other_machines = 0, disturbed = 0;
  for (const auto& [scenario, names] : scenarios) {
    if (!request.scenario.empty() && scenario != wanted) continue;
    const auto results = results_of(store, source, names);
    for (const auto& metric : record::metrics) {
      if (!request.metric.empty() && metric.name != request.metric) continue;
      MetricSeries series(metric, source, request);
      if (auto found = series.trend_of(scenario, results)) trend.metrics.push_back(*std::move(found));
      other_lengths = std::max(other_lengths, series.other_lengths);
      other_machines = std::max(other_machines, series.other_machines);
      disturbed += series.disturbed;
    }
  }
  note_left_out(other_lengths, "of figures that depend on the length: it was not that of the newest run",
                trend.notes);
  note_left_out(other_machines,
                "of times and resident memory: another machine or build; --across-machines takes them in",
                trend.notes);
  if (disturbed > 0)
    trend.notes.push_back(fmt::format("{} time{} left out: other programs had the processor meanwhile", disturbed,
                                      disturbed == 1 ? "" : "s"));
  return trend;
}

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const TrendPoint& point) {
  return {{"commit", point.commit}, {"subject", point.subject}, {"started_at", point.started_at},
          {"runs", point.runs},     {"value", point.value},     {"range", {point.low, point.high}}};
}

Json json_of(const ChangePoint& change) {
  return {{"last_old", change.last_old},
          {"first_new", change.first_new},
          {"commits", change.commits},
          {"before", change.before},
          {"after", change.after},
          {"worse", change.is_worse},
          {"p_value", change.p_value ? Json(*change.p_value) : Json(nullptr)},
          {"machine_change", change.machine_change}};
}

Json json_of(const MetricTrend& trend) {
  auto points = Json::array(), changes = Json::array();
  for (const auto& point : trend.points) points.push_back(json_of(point));
  for (const auto& change : trend.changes) changes.push_back(json_of(change));
  return {{"scenario", trend.scenario},
          {"metric", trend.metric},
          {"exact", trend.is_exact},
          {"points", std::move(points)},
          {"changes", std::move(changes)}};
}

}  // namespace

bool has_regression(const Trend& trend) {
  return std::ranges::any_of(trend.metrics, [](const MetricTrend& metric) {
    return std::ranges::any_of(metric.changes, &ChangePoint::is_worse);
  });
}

std::string to_json(const Trend& trend) {
  auto metrics = Json::array();
  for (const auto& metric : trend.metrics) metrics.push_back(json_of(metric));
  const Json json{{"schema_version", trend_schema_version}, {"metrics", std::move(metrics)}, {"notes", trend.notes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace soak::history
