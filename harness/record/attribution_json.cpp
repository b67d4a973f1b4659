#include "record/attribution_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "record/record_names.hpp"

namespace soak::record {

namespace {

constexpr std::int64_t last_line = 1'000'000'000;

int line_in(const JsonSpot& object) {
  const auto line = object.find("line");
  return line ? static_cast<int>(line->integer(0, last_line)) : 0;
}

Frame frame_of(const JsonSpot& json) {
  return {json.at("function").text(), text_in(json, "file"), line_in(json), text_in(json, "module"),
          flag_in(json, "inlined")};
}

class StackReader {
 public:
  StackReader(const JsonSpot& attribution, StackBudget& budget) : budget_(budget) {
    for (const auto& frame : attribution.at("frames").elements()) frames_.push_back(frame_of(frame));
  }

  std::vector<Frame> stack_of(const JsonSpot& indices) {
    std::vector<Frame> stack;
    for (const auto& index : indices.elements()) {
      if (frames_.empty()) index.refuse("there is no frame of that number");
      const auto& frame =
          frames_[static_cast<std::size_t>(index.integer(0, static_cast<std::int64_t>(frames_.size()) - 1))];
      const auto bytes = sizeof(Frame) + frame.function.size() + frame.file.size() + frame.module.size();
      if (bytes > budget_.bytes_left) indices.refuse("the stacks are larger than those of any run");
      budget_.bytes_left -= bytes;
      stack.push_back(frame);
    }
    return stack;
  }

 private:
  std::vector<Frame> frames_;
  StackBudget& budget_;
};

/// As many figures as there are points: a list of them, or one that never changed.
std::vector<std::int64_t> column_of(const JsonSpot& json, std::size_t points) {
  if (!json.value().is_array()) return std::vector(points, json.reading());
  std::vector<std::int64_t> figures;
  for (const auto& figure : json.elements()) figures.push_back(figure.reading());
  if (figures.size() != points)
    json.refuse(fmt::format("expected {} numbers, one for each of 'iterations', found {}", points, figures.size()));
  return figures;
}

std::vector<LivePoint> history_of(const JsonSpot& json) {
  std::vector<LivePoint> history;
  for (const auto& iteration : json.at("iterations").elements()) history.push_back({.iteration = iteration.count()});
  const auto bytes = column_of(json.at("bytes"), history.size());
  const auto counts = column_of(json.at("counts"), history.size());
  for (std::size_t i = 0; i < history.size(); ++i) history[i].bytes = bytes[i], history[i].count = counts[i];
  if (const auto requested = json.find("requested_bytes")) {
    const auto figures = column_of(*requested, history.size());
    for (std::size_t i = 0; i < history.size(); ++i) history[i].requested_bytes = figures[i];
  }
  return history;
}

CallSite site_of(const JsonSpot& json, StackReader& stacks) {
  CallSite site;
  site.kind = enumerator_in(json, "kind", site_kinds);
  site.function = json.at("function").text();
  site.file = text_in(json, "file");
  site.line = line_in(json);
  site.type = text_in(json, "type");
  site.total_bytes = reading_in(json, "total_bytes").value_or(0);
  site.total_count = reading_in(json, "total_count").value_or(0);
  site.is_stack_complete = flag_in(json, "stack_complete");
  site.stack = stacks.stack_of(json.at("stack"));
  site.history = history_of(json.at("history"));
  return site;
}

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

Attribution attribution_of(const JsonSpot& json, StackBudget& budget) {
  Attribution attribution;
  attribution.unavailable = text_in(json, "unavailable");
  StackReader stacks(json, budget);
  for (const auto& site : json.at("sites").elements()) attribution.sites.push_back(site_of(site, stacks));
  attribution.omitted_sites = reading_in(json, "omitted_sites").value_or(0);
  attribution.omitted_live_bytes = reading_in(json, "omitted_live_bytes").value_or(0);
  attribution.omitted_live_blocks = reading_in(json, "omitted_live_blocks").value_or(0);
  attribution.unattributed_live_bytes = reading_in(json, "unattributed_live_bytes").value_or(0);
  attribution.unattributed_live_blocks = reading_in(json, "unattributed_live_blocks").value_or(0);
  attribution.overflowed_allocations = reading_in(json, "overflowed_allocations").value_or(0);
  attribution.typed_blocks_percent = number_in(json, "typed_blocks_percent");
  return attribution;
}

LiveType live_type_of(const JsonSpot& json) {
  return {json.at("name").text(), enumerator_in(json, "source", type_sources), history_of(json.at("history"))};
}

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
