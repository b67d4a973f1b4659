#include "verdict/explain/likely_cause.hpp"

#include <algorithm>

#include "verdict/explain/site_evidence.hpp"

namespace soak::verdict {
namespace {

using Sites = std::vector<SiteGrowth>;

constexpr double most_of_it = 0.5;
/// What has less of a share is beside the point.
constexpr double considerable = 0.05, least_of_nodes = 0.1;
constexpr double nearly_all = 0.9;
constexpr double smallest_element_bytes = 8;  // a pointer

template <typename Predicate>
double share_of(const Sites& sites, Predicate predicate) {
  double share = 0;
  for (const auto& site : sites)
    if (predicate(site)) share += site.share;
  return share;
}

template <typename Predicate>
double blocks_of(const Sites& sites, Predicate predicate) {
  double blocks = 0;
  for (const auto& site : sites)
    if (predicate(site)) blocks += site.blocks_per_iteration;
  return blocks;
}

/// The elements of `container` can be, or lead to, all else that grows considerably.
bool can_hold_the_others(const SiteGrowth& container, const Sites& sites) {
  return std::ranges::all_of(sites, [&](const SiteGrowth& site) {
    const bool is_other = is_object_of_own_code(site) || is_control_block(site);
    return site.share < considerable || !is_other || can_hold(container, site);
  });
}

/// Room for an element for each of what is made most seldom.
bool grows_with_the_others(const SiteGrowth& buffer, const Sites& sites) {
  if (buffer.share >= most_of_it) return true;
  double seldom = 0;
  for (const auto& site : sites)
    if (site.share >= considerable && site.blocks_per_iteration > 0)
      seldom = seldom == 0 ? site.blocks_per_iteration : std::min(seldom, site.blocks_per_iteration);
  return buffer.bytes_per_iteration >= smallest_element_bytes * most_of_it * seldom;
}

/// One buffer that grows in place is one container. Nodes may be those of many small ones, one in each leaked object:
/// then they are more than the objects, or nothing in them leads to these.
bool is_global_collection(const Sites& sites) {
  for (const auto& site : sites)
    if (is_growing_buffer(site) && grows_with_the_others(site, sites) && can_hold_the_others(site, sites))
      return true;
  const auto nodes = blocks_of(sites, is_node);
  if (share_of(sites, is_node) < least_of_nodes) return false;
  const bool may_be_in_others = std::ranges::any_of(sites, [&](const SiteGrowth& site) {
    return is_object_of_own_code(site) && site.share >= considerable &&
           site.blocks_per_iteration < nearly_all * nodes;
  });
  return !may_be_in_others && std::ranges::any_of(sites, [&](const auto& site) {
    return is_node(site) && can_hold_the_others(site, sites);
  });
}

/// A container of one's own, as far as can be told: something grows in place, or an object of a line of its own is
/// made for each control block.
bool may_be_own_container(const SiteGrowth& site, const Sites& sites, double control_blocks) {
  if (!is_object_of_own_code(site) || site.site.type.starts_with("member of ")) return false;
  const bool is_counted_object = std::ranges::any_of(
      sites, [&](const auto& other) { return is_control_block(other) && is_same_line(site, other); });
  return site.blocks_per_iteration == 0 ||
         (!is_counted_object && site.blocks_per_iteration >= nearly_all * control_blocks);
}

/// Control blocks that nothing else could be seen to hold, one for each of what grows most.
bool is_cycle(const Sites& sites) {
  const auto blocks = blocks_of(sites, is_control_block);
  if (blocks <= 0 || blocks_of(sites, is_node) >= nearly_all * blocks) return false;
  const bool is_held = std::ranges::any_of(sites, [&](const SiteGrowth& site) {
    return (is_growing_buffer(site) && can_hold_the_others(site, sites)) || may_be_own_container(site, sites, blocks);
  });
  return !is_held && blocks >= nearly_all * sites.front().blocks_per_iteration;
}

bool is_opened_there(const SiteGrowth& site, const CauseEvidence& evidence) {
  return std::ranges::any_of(evidence.descriptors, [&](const auto& opened) { return is_same_line(site, opened); });
}

std::string thread_cause(const CauseEvidence& evidence) {
  return evidence.unjoined_threads_grow ? "thread not joined" : "";
}

std::string heap_cause(const Sites& sites, const CauseEvidence& evidence) {
  if (is_made_for_a_thread(sites.front())) return thread_cause(evidence);
  const auto is_opened = [&](const SiteGrowth& site) { return is_opened_there(site, evidence); };
  if (share_of(sites, is_opened) >= most_of_it) return "unclosed resource";
  if (share_of(sites, is_made_for_a_thread_local) >= most_of_it) return "thread-local";
  if (share_of(sites, is_under_logging) >= most_of_it) return "log accumulation";
  if (is_global_collection(sites)) return "global collection";
  return is_cycle(sites) ? "cycle" : "";
}

}  // namespace

std::string likely_cause(const std::string& finding_kind, const Sites& sites, const CauseEvidence& evidence) {
  if (sites.empty()) return "";
  if (finding_kind == "threads") return thread_cause(evidence);
  if (finding_kind == "open_files") return "unclosed resource";
  if (finding_kind == "children") return is_opened_there(sites.front(), evidence) ? "unclosed resource" : "";
  return sites.front().site.kind == record::SiteKind::heap ? heap_cause(sites, evidence) : "";
}

}  // namespace soak::verdict
