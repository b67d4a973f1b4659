// Whether what benchmarks.toml says of scenarios is said of scenarios that exist, and said once.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <tuple>

#include "base/glob.hpp"
#include "base/spelling.hpp"
#include "base/text.hpp"
#include "base/user_error.hpp"
#include "config/keys.hpp"
#include "config/source_text.hpp"

namespace soak::config {
namespace {

using Names = std::vector<std::string>;

struct Complaint {
  const SourcePlace* place;
  std::string text;
};

bool matches_any(const std::string& glob, const Names& known) {
  return std::ranges::any_of(known, std::bind_front(&Glob::matches, Glob(glob)));
}

/// What globs of these names may look like: "RetryLoop/*" and "*/adaptive" for "RetryLoop/adaptive".
Names families_of(const Names& known) {
  Names families;
  for (const auto& name : known)
    for (auto slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
      families.push_back(name.substr(0, slash) + "/*");
      families.push_back("*" + name.substr(slash));
    }
  return families;
}

std::string unknown_scenario(const std::string& name, const Names& known) {
  const bool plain = Glob(name).is_plain();
  const auto hint = did_you_mean(name, plain ? known : families_of(known));
  return fmt::format("{} '{}'{}", plain ? "unknown scenario" : "no scenario matches", sanitize(name, quote_length),
                     hint.empty() ? "; `soak list` shows all" : hint);
}

using NamedTable = std::pair<const std::string, Config::ScenarioTable>;

bool either_covers(const std::string& a, const std::string& b) {
  return Glob(a).covers(Glob(b)) || Glob(b).covers(Glob(a));
}

/// The first key that two tables say and no table that is more specific than both; empty where there is none.
std::string key_said_twice(const NamedTable& a, const NamedTable& b, const std::vector<const NamedTable*>& all) {
  const auto find = [&](const auto& keys, auto part) -> std::string {
    for (const auto& key : keys) {
      const auto says = [&](const NamedTable& table) { return key.access.is_said(std::invoke(part, table.second)); };
      const auto settles = [&](const NamedTable* table) {
        return Glob(a.first).covers(Glob(table->first)) && Glob(b.first).covers(Glob(table->first)) && says(*table);
      };
      if (says(a) && says(b) && std::ranges::none_of(all, settles)) return std::string(key.name);
    }
    return {};
  };
  auto key =
      find(threshold_keys, [](const Config::ScenarioTable& table) -> const Limits& { return table.settings.limits; });
  return key.empty() ? find(scenario_keys, std::identity{}) : key;
}

void find_ambiguities(const std::string& scenario, const std::vector<const NamedTable*>& tables,
                      std::vector<Complaint>& complaints) {
  for (std::size_t i = 0; i < tables.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const auto &earlier = *tables[j], &later = *tables[i];
      const auto key = either_covers(earlier.first, later.first) ? "" : key_said_twice(earlier, later, tables);
      const bool told = std::ranges::count(complaints, &later.second.place, &Complaint::place) > 0;
      if (key.empty() || told) continue;
      complaints.push_back(
          {&later.second.place,
           fmt::format(
               "ambiguous: '{}' and '{}' (line {}) both set {} of '{}', and neither is the more specific one; "
               "say it in [scenario.\"{}\"]",
               sanitize(later.first, quote_length), sanitize(earlier.first, quote_length), earlier.second.place.line,
               key, sanitize(scenario, quote_length), sanitize(scenario, quote_length))});
    }
}

/// Those that match the scenario, in the order of the file.
std::vector<const NamedTable*> tables_for(const Config& config, const std::string& scenario) {
  std::vector<const NamedTable*> tables;
  for (const auto& table : config.tables)
    if (Glob(table.first).matches(scenario)) tables.push_back(&table);
  std::ranges::sort(tables, std::less{}, [](const NamedTable* table) { return table->second.place.line; });
  return tables;
}

}  // namespace

void Config::require_tables_match(const std::vector<std::string>& known) const {
  std::vector<Complaint> complaints;
  for (const auto& [name, table] : tables)
    if (!matches_any(name, known)) complaints.push_back({&table.place, unknown_scenario(name, known)});
  for (const auto& waiver : waivers)
    if (!matches_any(waiver.scenario, known))
      complaints.push_back({&waiver.scenario_place, unknown_scenario(waiver.scenario, known)});
  for (const auto& scenario : known) find_ambiguities(scenario, tables_for(*this, scenario), complaints);

  std::ranges::stable_sort(complaints, std::less{}, [](const Complaint& complaint) {
    return std::tuple(complaint.place->line, complaint.place->column);
  });
  std::string text;
  for (const auto& [place, complaint] : complaints)
    text += (text.empty() ? "" : "\n") + located(file, *place, complaint);
  if (!text.empty()) throw UserError(text);
}

}  // namespace soak::config
