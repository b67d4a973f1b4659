#include "run/resolve_sites.hpp"

#include "region/layout/region_layout.hpp"
#include "symbols/allocated_type.hpp"
#include "symbols/pick_the_line.hpp"
#include "symbols/resolver.hpp"

namespace soak::run {
namespace {

std::vector<symbols::Module> modules_of(const region::RegionSites& sites) {
  std::vector<symbols::Module> modules;
  for (const auto& module : sites.modules)
    modules.push_back({module.path, module.build_id, module.begin, module.end, module.load_bias});
  return modules;
}

std::vector<symbols::Frame> stack_of(const region::RegionSite& site, symbols::Resolver& resolver) {
  std::vector<symbols::Frame> stack;
  for (std::size_t i = 0; i < site.frames.size(); ++i) {
    const auto& frames = resolver.frames_at(site.frames[i], site.frame_modules[i]);
    stack.insert(stack.end(), frames.begin(), frames.end());
  }
  return stack;
}

record::CallSite call_site_of(const region::RegionSite& counted, symbols::Resolver& resolver) {
  const auto stack = stack_of(counted, resolver);
  const auto& shown = stack[symbols::pick_the_line(stack)];
  record::CallSite site;
  site.kind = counted.kind;
  site.function = shown.function;
  site.file = shown.file;
  site.line = shown.line;
  if (site.kind == record::SiteKind::heap) site.type = symbols::allocated_type(stack).value_or("");
  for (const auto& frame : stack)
    site.stack.push_back({frame.function, frame.file, frame.line, frame.module, frame.is_inlined});
  site.is_stack_complete = counted.is_complete;
  site.total_bytes = counted.total_bytes;
  site.total_count = counted.total_blocks;
  site.history = loop_history(counted);
  return site;
}

}  // namespace

std::vector<record::LivePoint> loop_history(const region::RegionSite& site) {
  const bool is_heap = site.kind == record::SiteKind::heap;
  std::vector<record::LivePoint> history;
  for (const auto& point : site.history)
    if (point.iteration != layout::absent)
      history.push_back({point.iteration, point.bytes, point.blocks,
                         is_heap ? std::optional(point.requested_bytes) : std::nullopt});
  return history;
}

std::vector<ResolvedSite> resolve_sites(const region::RegionSites& sites,
                                        const std::function<bool(const region::RegionSite&)>& wanted) {
  symbols::Resolver resolver(modules_of(sites));
  std::vector<ResolvedSite> resolved;
  for (const auto& site : sites.sites)
    if (!site.frames.empty() && wanted(site)) resolved.push_back({&site, call_site_of(site, resolver)});
  return resolved;
}

}  // namespace soak::run
