#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "record/attribution_json.hpp"
#include "record/json_members.hpp"

namespace soak::record {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Frame& frame) {
  Json json{{"function", frame.function}};
  put_unless_empty(json, "file", frame.file);
  if (frame.line != 0) json["line"] = frame.line;
  put_unless_empty(json, "module", frame.module);
  if (frame.is_inlined) json["inlined"] = true;
  return json;
}

/// Each frame once, numbered in the order met.
class FrameTable {
 public:
  std::size_t index_of(const Frame& frame) {
    const auto key = std::tie(frame.function, frame.file, frame.line, frame.module, frame.is_inlined);
    const auto [known, is_new] = indices_.try_emplace(key, indices_.size());
    if (is_new) list_.push_back(json_of(frame));
    return known->second;
  }
  [[nodiscard]] Json take_list() { return std::move(list_); }

 private:
  // Refers to frames of the attribution, which outlives the table.
  using Key = std::tuple<const std::string&, const std::string&, const int&, const std::string&, const bool&>;
  std::map<Key, std::size_t> indices_;
  Json list_ = Json::array();
};

template <typename Figure>
Json column(const std::vector<LivePoint>& history, Figure figure) {
  auto list = Json::array();
  for (const auto& point : history) list.push_back(std::invoke(figure, point));
  const auto changed = std::ranges::adjacent_find(history, std::not_equal_to{}, figure);
  return changed == history.end() && !list.empty() ? list.front() : list;
}

Json json_of(const std::vector<LivePoint>& history) {
  auto iterations = Json::array();
  for (const auto& point : history) iterations.push_back(point.iteration);
  Json json{{"iterations", std::move(iterations)},
            {"bytes", column(history, &LivePoint::bytes)},
            {"counts", column(history, &LivePoint::count)}};
  if (std::ranges::all_of(history, [](const auto& point) { return point.requested_bytes.has_value(); }))
    json["requested_bytes"] = column(history, [](const auto& point) { return *point.requested_bytes; });
  return json;
}

Json json_of(const CallSite& site, FrameTable& frames) {
  Json json{{"kind", spelling_of(site_kinds, site.kind)}, {"function", site.function}};
  put_unless_empty(json, "file", site.file);
  if (site.line != 0) json["line"] = site.line;
  put_unless_empty(json, "type", site.type);
  json["total_bytes"] = site.total_bytes;
  json["total_count"] = site.total_count;
  json["stack_complete"] = site.is_stack_complete;
  json["stack"] = Json::array();
  for (const auto& frame : site.stack) json["stack"].push_back(frames.index_of(frame));
  json["history"] = json_of(site.history);
  return json;
}

}  // namespace

Json json_of(const Attribution& attribution) {
  Json json = Json::object();
  put_unless_empty(json, "unavailable", attribution.unavailable);
  FrameTable frames;
  auto sites = Json::array();
  for (const auto& site : attribution.sites) sites.push_back(json_of(site, frames));
  json["frames"] = frames.take_list();
  json["sites"] = std::move(sites);
  json["omitted_sites"] = attribution.omitted_sites;
  json["omitted_live_bytes"] = attribution.omitted_live_bytes;
  json["omitted_live_blocks"] = attribution.omitted_live_blocks;
  json["unattributed_live_bytes"] = attribution.unattributed_live_bytes;
  json["unattributed_live_blocks"] = attribution.unattributed_live_blocks;
  json["overflowed_allocations"] = attribution.overflowed_allocations;
  put(json, "typed_blocks_percent", attribution.typed_blocks_percent);
  return json;
}

Json json_of(const LiveType& type) {
  return {
      {"name", type.name}, {"source", spelling_of(type_sources, type.source)}, {"history", json_of(type.history)}};
}

}  // namespace soak::record
