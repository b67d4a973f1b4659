#include <fmt/format.h>

#include "record/attribution_json.hpp"
#include "record/json_members.hpp"

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

}  // namespace soak::record
