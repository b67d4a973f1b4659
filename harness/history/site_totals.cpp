#include "history/site_totals.hpp"

#include <map>
#include <string_view>

namespace soak::history {
namespace {

/// Of `folder/module+0x12`, which is all that is known without symbols, the module.
std::string_view without_place(std::string_view function) {
  if (const auto offset = function.rfind("+0x"); offset != std::string_view::npos)
    function = function.substr(0, offset);
  else
    return function;
  return function.substr(function.rfind('/') + 1);  // npos + 1 is 0
}

double per_iteration(std::int64_t first, std::int64_t last, std::int64_t iterations) {
  return iterations > 0 ? static_cast<double>(last - first) / static_cast<double>(iterations) : 0;
}

SiteTotals totals_of(const record::CallSite& site) {
  SiteTotals totals{.kind = site.kind,
                    .function = site.function,
                    .file = site.file,
                    .line = site.line,
                    .type = site.type,
                    .stack = site.stack};
  if (site.history.empty()) return totals;
  const auto& first = site.history.front();
  const auto& last = site.history.back();
  const auto iterations = last.iteration - first.iteration;
  totals.bytes_per_iteration = per_iteration(first.bytes, last.bytes, iterations);
  totals.count_per_iteration = per_iteration(first.count, last.count, iterations);
  totals.made_per_iteration = per_iteration(0, site.total_count, iterations);
  return totals;
}

}  // namespace

std::string site_key(const SiteTotals& site) {
  auto key = std::to_string(static_cast<int>(site.kind)) + "\n" + site.type;
  if (site.stack.empty()) return key + "\n" + std::string(without_place(site.function));
  for (const auto& frame : site.stack) key += "\n" + std::string(without_place(frame.function));
  return key;
}

std::vector<SiteTotals> site_totals_of(const record::Attribution& attribution) {
  std::vector<SiteTotals> sites;
  std::map<std::string, std::size_t> places;
  for (const auto& site : attribution.sites) {
    auto totals = totals_of(site);
    const auto [place, is_new] = places.emplace(site_key(totals), sites.size());
    if (is_new) {
      sites.push_back(std::move(totals));
      continue;
    }
    auto& same = sites[place->second];
    same.bytes_per_iteration += totals.bytes_per_iteration;
    same.count_per_iteration += totals.count_per_iteration;
    same.made_per_iteration += totals.made_per_iteration;
  }
  return sites;
}

std::vector<TypeTotals> type_totals_of(const std::vector<record::LiveType>& types) {
  std::vector<TypeTotals> totals;
  for (const auto& type : types) {
    if (type.history.empty()) continue;
    const auto& first = type.history.front();
    const auto& last = type.history.back();
    const auto iterations = last.iteration - first.iteration;
    totals.push_back({type.name, per_iteration(first.bytes, last.bytes, iterations),
                      per_iteration(first.count, last.count, iterations)});
  }
  return totals;
}

}  // namespace soak::history
