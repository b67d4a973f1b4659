#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "base/relative_file.hpp"
#include "history/site_totals.hpp"

namespace soak::history {
namespace {

/// A figure an iteration, and what it may differ by: runs of unlike lengths do not divide evenly, and what set-up
/// makes once is more an iteration in the shorter one.
struct Figure {
  double base, head, least;
};
constexpr double least_kept = 1e-4, least_made = 1e-2;

bool differs(const Figure& figure) {
  const double size = std::max(std::abs(figure.base), std::abs(figure.head));
  return std::abs(figure.head - figure.base) > std::max(figure.least, 1e-3 * size);
}

/// What is told first: bytes kept, things kept, things made.
using Weight = std::tuple<double, double, double>;

Weight weight_of(const SiteChange& change) {
  return {std::abs(change.head_bytes_per_iteration - change.base_bytes_per_iteration),
          std::abs(change.head_count_per_iteration - change.base_count_per_iteration),
          std::abs(change.head_made_per_iteration - change.base_made_per_iteration)};
}

Weight weight_of(const TypeChange& change) {
  return {std::abs(change.head_bytes_per_iteration - change.base_bytes_per_iteration),
          std::abs(change.head_count_per_iteration - change.base_count_per_iteration), 0};
}

/// The first figure that differs decides; none: no change.
std::optional<Difference> direction(std::initializer_list<Figure> figures) {
  for (const auto& figure : figures)
    if (differs(figure)) return figure.head > figure.base ? Difference::grown : Difference::shrunk;
  return {};
}

std::optional<Difference> direction(const SiteChange& change) {
  return direction({{change.base_bytes_per_iteration, change.head_bytes_per_iteration, least_kept},
                    {change.base_count_per_iteration, change.head_count_per_iteration, least_kept},
                    {change.base_made_per_iteration, change.head_made_per_iteration, least_made}});
}

std::optional<Difference> direction(const TypeChange& change) {
  return direction({{change.base_bytes_per_iteration, change.head_bytes_per_iteration, least_kept},
                    {change.base_count_per_iteration, change.head_count_per_iteration, least_kept}});
}

void take_base(SiteChange& change, const SiteTotals& site) {
  change.base_bytes_per_iteration = site.bytes_per_iteration;
  change.base_count_per_iteration = site.count_per_iteration;
  change.base_made_per_iteration = site.made_per_iteration;
}

void take_head(SiteChange& change, const SiteTotals& site) {
  change.head_bytes_per_iteration = site.bytes_per_iteration;
  change.head_count_per_iteration = site.count_per_iteration;
  change.head_made_per_iteration = site.made_per_iteration;
}

template <typename Changes>
void largest_first(Changes& changes) {
  std::ranges::stable_sort(changes, std::greater{}, [](const auto& change) { return weight_of(change); });
}

}  // namespace

void name_files_relative_to(const std::string& folder, Comparison& comparison) {
  for (auto& scenario : comparison.scenarios)
    for (auto& change : scenario.sites) {
      change.site.file = relative_file(folder, change.site.file);
      for (auto& frame : change.site.stack) frame.file = relative_file(folder, frame.file);
    }
}

std::vector<SiteChange> compare_sites(const std::vector<SiteTotals>& base, const std::vector<SiteTotals>& head) {
  std::map<std::string, const SiteTotals*> of_base;
  for (const auto& site : base) of_base[site_key(site)] = &site;
  std::vector<SiteChange> changes;
  const auto keep = [&changes](SiteChange& change, std::optional<Difference> one_sided) {
    const auto grown = direction(change);
    if (!grown) return;
    change.difference = one_sided.value_or(*grown);
    changes.push_back(std::move(change));
  };
  for (const auto& site : head) {
    SiteChange change{.site = site};
    take_head(change, site);
    const auto found = of_base.find(site_key(site));
    const bool is_new = found == of_base.end();
    if (!is_new) {
      take_base(change, *found->second);
      of_base.erase(found);
    }
    keep(change, is_new ? std::optional(Difference::appeared) : std::nullopt);
  }
  for (const auto& [key, site] : of_base) {
    SiteChange change{.site = *site};
    take_base(change, *site);
    keep(change, Difference::gone);
  }
  largest_first(changes);
  return changes;
}

std::vector<TypeChange> compare_types(const std::vector<TypeTotals>& base, const std::vector<TypeTotals>& head) {
  std::map<std::string, TypeChange> by_name;
  std::map<std::string, Difference> one_sided;
  for (const auto& type : base) {
    by_name[type.name].base_bytes_per_iteration = type.bytes_per_iteration;
    by_name[type.name].base_count_per_iteration = type.count_per_iteration;
    one_sided[type.name] = Difference::gone;
  }
  for (const auto& type : head) {
    by_name[type.name].head_bytes_per_iteration = type.bytes_per_iteration;
    by_name[type.name].head_count_per_iteration = type.count_per_iteration;
    if (one_sided.erase(type.name) == 0) one_sided[type.name] = Difference::appeared;
  }
  std::vector<TypeChange> changes;
  for (auto& [name, change] : by_name) {
    const auto grown = direction(change);
    if (!grown) continue;
    const auto side = one_sided.find(name);
    change.name = name;
    change.difference = side == one_sided.end() ? *grown : side->second;
    changes.push_back(std::move(change));
  }
  largest_first(changes);
  return changes;
}

}  // namespace soak::history
