#include "verdict/explain/site_groups.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

namespace soak::verdict {
namespace {

using record::CallSite;
using record::LivePoint;

// Readings lie within this of zero, but a record that was made up may have any number of them.
constexpr std::int64_t largest = std::int64_t{1} << 53;

std::int64_t sum_of(std::int64_t a, std::int64_t b) { return std::clamp(a + b, -largest, largest); }

void add_to(std::vector<LivePoint>& sum, const std::vector<LivePoint>& history) {
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i].bytes = sum_of(sum[i].bytes, history[i].bytes);
    sum[i].count = sum_of(sum[i].count, history[i].count);
    const auto &a = sum[i].requested_bytes, &b = history[i].requested_bytes;
    sum[i].requested_bytes = a && b ? std::optional(sum_of(*a, *b)) : std::nullopt;
  }
}

std::vector<std::int64_t> iterations_of(const CallSite& site) {
  std::vector<std::int64_t> iterations;
  for (const auto& point : site.history) iterations.push_back(point.iteration);
  return iterations;
}

std::pair<std::int64_t, std::int64_t> growth_of(const CallSite* site) {
  if (site->history.empty()) return {};
  const auto &first = site->history.front(), &last = site->history.back();
  return {last.bytes - first.bytes, last.count - first.count};
}

}  // namespace

std::vector<SiteGroup> group_sites(const std::vector<CallSite>& sites, record::SiteKind kind) {
  using Key = std::tuple<std::string, int, std::string, std::string, std::vector<std::int64_t>>;
  std::map<Key, std::size_t> known;
  std::vector<SiteGroup> groups;
  for (const auto& site : sites) {
    if (site.kind != kind) continue;
    const Key key(site.file, site.line, site.function, site.type, iterations_of(site));
    const auto [place, is_new] = known.try_emplace(key, groups.size());
    if (is_new)
      groups.push_back({{&site}, site.history});
    else
      groups[place->second].stacks.push_back(&site), add_to(groups[place->second].history, site.history);
  }
  for (auto& group : groups) std::ranges::stable_sort(group.stacks, std::greater{}, growth_of);
  return groups;
}

}  // namespace soak::verdict
