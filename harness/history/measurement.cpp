#include "history/measurement.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/ids.hpp"
#include "record/json_document.hpp"

namespace soak::history {

namespace {

using Json = nlohmann::ordered_json;
using record::JsonSpot;

std::string compact(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json differences(const std::vector<std::int64_t>& values) {
  auto list = Json::array();
  std::int64_t before = 0;
  for (const auto value : values) {
    list.push_back(value - before);
    before = value;
  }
  return list;
}

std::vector<std::int64_t> sums(const JsonSpot& list) {
  std::vector<std::int64_t> values;
  std::int64_t sum = 0;
  for (const auto& difference : list.elements()) values.push_back(sum += difference.reading());
  return values;
}

Json json_of(const record::Frame& frame) {
  return {frame.function, frame.file, frame.line, frame.module, frame.is_inlined};
}

record::Frame frame_of(const JsonSpot& json) {
  const auto parts = json.elements();
  if (parts.size() != 5) json.refuse("expected function, file, line, module and whether it is inlined");
  return {parts[0].text(), parts[1].text(), static_cast<int>(parts[2].integer(0, 1 << 30)), parts[3].text(),
          parts[4].boolean()};
}

Json json_of(const SiteTotals& site) {
  auto stack = Json::array();
  for (const auto& frame : site.stack) stack.push_back(json_of(frame));
  return {{"kind", static_cast<int>(site.kind)},
          {"function", site.function},
          {"file", site.file},
          {"line", site.line},
          {"type", site.type},
          {"stack", std::move(stack)},
          {"bytes", site.bytes_per_iteration},
          {"count", site.count_per_iteration},
          {"made", site.made_per_iteration}};
}

SiteTotals site_of(const JsonSpot& json) {
  SiteTotals site{.kind = static_cast<record::SiteKind>(json.at("kind").integer(0, 3)),
                  .function = json.at("function").text(),
                  .file = json.at("file").text(),
                  .line = static_cast<int>(json.at("line").integer(0, 1 << 30)),
                  .type = json.at("type").text(),
                  .stack = {},
                  .bytes_per_iteration = json.at("bytes").number(),
                  .count_per_iteration = json.at("count").number(),
                  .made_per_iteration = json.at("made").number()};
  for (const auto& frame : json.at("stack").elements()) site.stack.push_back(frame_of(frame));
  return site;
}

Json json_of(const TypeTotals& type) { return {type.name, type.bytes_per_iteration, type.count_per_iteration}; }

TypeTotals type_of(const JsonSpot& json) {
  const auto parts = json.elements();
  if (parts.size() != 3) json.refuse("expected name, bytes and count");
  return {parts[0].text(), parts[1].number(), parts[2].number()};
}

template <typename Item>
Json list_of(const std::vector<Item>& items) {
  auto list = Json::array();
  for (const auto& item : items) list.push_back(json_of(item));
  return list;
}

void read_curves(const JsonSpot& json, Curves& curves) {
  curves.iterations = sums(json.at("iterations"));
  for (const auto& [name, values] : json.at("readings").members()) {
    auto readings = sums(values);
    if (readings.size() != curves.iterations.size()) values.refuse("expected a reading for each of the iterations");
    curves.readings.emplace(name, std::move(readings));
  }
}

}  // namespace

std::string figures_text(const Figures& figures) {
  auto json = Json::object();
  for (const auto& [metric, values] : figures)
    for (const double value : values)
      if (std::isfinite(value)) json[metric].push_back(value);
  return compact(json);
}

std::string details_text(const Measurement& measurement) {
  auto json = Json::object();
  if (!measurement.curves.iterations.empty()) {
    auto readings = Json::object();
    for (const auto& [name, values] : measurement.curves.readings) readings[name] = differences(values);
    json["iterations"] = differences(measurement.curves.iterations);
    json["readings"] = std::move(readings);
  }
  if (measurement.has_sites) json["sites"] = list_of(measurement.sites);
  if (measurement.has_types) json["types"] = list_of(measurement.types);
  return compact(json);
}

std::string fingerprint_text(const record::Fingerprint& fingerprint) { return compact(Json(fingerprint)); }

Figures read_figures(std::string_view text, const std::string& origin) {
  const auto document = record::parse_document(text, origin);
  Figures figures;
  for (const auto& [metric, values] : JsonSpot(document, origin).members())
    for (const auto& value : values.elements()) figures[metric].push_back(value.number());
  return figures;
}

void read_details(std::string_view text, const std::string& origin, Measurement& measurement) {
  const auto document = record::parse_document(text, origin);
  const JsonSpot json(document, origin);
  if (json.find("iterations")) read_curves(json, measurement.curves);
  const auto sites = json.find("sites");
  measurement.has_sites = sites.has_value();
  if (sites)
    for (const auto& site : sites->elements()) measurement.sites.push_back(site_of(site));
  const auto types = json.find("types");
  measurement.has_types = types.has_value();
  if (types)
    for (const auto& type : types->elements()) measurement.types.push_back(type_of(type));
}

record::Fingerprint read_fingerprint(std::string_view text, const std::string& origin) {
  const auto document = record::parse_document(text, origin);
  record::Fingerprint fingerprint;
  for (const auto& [key, value] : JsonSpot(document, origin).members()) fingerprint[key] = value.text();
  return fingerprint;
}

std::string uid_by_content(const MeasuredRun& run) {
  std::uint64_t first = empty_hash, second = ~first;
  const auto take = [&](std::string_view text) {
    first = stable_hash(text, first);
    second = stable_hash(text, stable_hash("|", second));
  };
  take(run.info.started_at);
  take(run.info.commit);
  take(fingerprint_text(run.info.fingerprint));
  for (const auto& measurement : run.measurements) {
    take(measurement.scenario);
    take(figures_text(measurement.figures));
    take(details_text(measurement));
  }
  return fmt::format("{:016x}{:016x}", first, second);
}

}  // namespace soak::history
