// soak region FILE: what the probe left in a region, as JSON.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/site_json.hpp"
#include "base/user_error.hpp"
#include "cli/subcommands.hpp"
#include "region/region_reader.hpp"
#include "region/region_sites.hpp"

namespace soak::cli {
namespace {

using Json = nlohmann::ordered_json;

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

std::string spelling(region::RegionState state) {
  switch (state) {
    case region::RegionState::running:
      return "running";
    case region::RegionState::ended:
      return "ended";
    default:
      return "none";
  }
}

/// Null where not counted, never 0.
void add_heap(Json& json, const std::optional<region::HeapTotals>& heap) {
  const auto figure = [&heap](auto member) { return heap ? Json((*heap).*member) : Json(); };
  json["heap_bytes"] = figure(&region::HeapTotals::bytes);
  json["heap_blocks"] = figure(&region::HeapTotals::blocks);
  json["allocations"] = figure(&region::HeapTotals::allocations);
  json["frees"] = figure(&region::HeapTotals::frees);
  json["heap_peak_bytes"] = figure(&region::HeapTotals::peak_bytes);
}

void add_sites(Json& json, const std::optional<region::RegionSites>& sites, const region::RegionTypes& types) {
  json.update(app::sites_json(sites.value_or(region::RegionSites()), types.types));
  if (sites && !sites->unavailable.empty()) json["sites_unavailable"] = sites->unavailable;
  if (sites) json["foreign_frees"] = sites->foreign_frees;
  if (sites) json["overflowed_allocations"] = sites->overflowed_allocations;
  if (sites) json["overflowed_resources"] = sites->overflowed_resources;
  json["overflowed_types"] = types.overflows;
  if (!types.vtables_unavailable.empty()) json["vtables_unavailable"] = types.vtables_unavailable;
}

Json region_json(const region::RegionContents& region) {
  Json json;
  json["state"] = spelling(region.state);
  json["mode"] = region.mode;
  json["allocator"] = region.allocator;
  add_heap(json, region.heap);
  if (!region.heap_unavailable.empty()) json["heap_unavailable"] = region.heap_unavailable;
  json["open_files"] = or_null(region.open_files);
  if (region.heap_at_end) add_heap(json["at_end"], region.heap_at_end);
  return json;
}

int print_region(const std::filesystem::path& file) {
  const auto region = region::read_region(file);
  if (!region)
    throw UserError(file.string() +
                    ": no region of this version; LD_PRELOAD=libsoak_probe.so SOAK_REGION=FILE PROGRAM leaves one");
  auto json = region_json(*region);
  add_sites(json, region::read_region_sites(file), region::read_region_types(file));
  fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
  return 0;
}

}  // namespace

void add_region(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("region", "print what the probe counted in a process, as JSON");
  const auto file = std::make_shared<std::filesystem::path>();
  command->add_option("FILE", *file, "the file that SOAK_REGION named")->required();
  command->callback([file, &action] { action = [file] { return print_region(*file); }; });
}

}  // namespace soak::cli
