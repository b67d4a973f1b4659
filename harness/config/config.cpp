#include "config/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <system_error>
#include <tuple>

#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/spelling.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/user_error.hpp"
#include "config/keys.hpp"
#include "config/scenario_keys.hpp"
#include "config/source_text.hpp"

namespace soak::config {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t longest_path = 4096;
constexpr std::size_t largest_file_bytes = std::size_t{1} << 20;

[[noreturn]] void fail(const fs::path& file, std::string_view reason) {
  throw UserError(fmt::format("cannot read {}: {}", sanitize(file.string(), longest_path), reason));
}

std::string content_of(const fs::path& file) {
  std::error_code ignored;
  if (fs::is_directory(file, ignored))
    fail(file, fmt::format("it is a folder; name the file in it, such as {}",
                           sanitize((file / "benchmarks.toml").string(), longest_path)));
  try {
    return read_file(file, largest_file_bytes);
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::file_too_large)
      fail(file, fmt::format("it is larger than {}, too large for a benchmarks.toml",
                             format_bytes(static_cast<double>(largest_file_bytes))));
    fail(file, error.code().message());
  }
}

// toml++ destroys nested tables recursively: 40,000 points in one dotted key overflow the stack. It limits brackets
// itself; points are limited here, far above those of any useful file.
constexpr auto most_points = 10'000;
constexpr std::size_t longest_description = 300;

[[noreturn]] void fail_at(const fs::path& file, const SourcePlace& place, const std::string& message) {
  throw UserError(located(file, place, message));
}

void require_text(std::string_view text, const SourceText& source, const fs::path& file) {
  if (const auto nul = text.find('\0'); nul != std::string_view::npos)
    fail_at(file, source.place_of_byte(nul), "a NUL byte; this is no text file");
  if (const auto invalid = first_invalid_utf8(text))
    fail_at(file, source.place_of_byte(*invalid),
            fmt::format("the byte 0x{:02X} is not UTF-8; save the file as UTF-8",
                        static_cast<unsigned char>(text[*invalid])));
  if (std::ranges::count(text, '.') > most_points)
    fail_at(file, {}, fmt::format("more than {} points; keys would nest too deeply", most_points));
}

/// Names the most common slip: a scenario's name has a '/', which TOML accepts in quotes only.
std::string syntax_hint(std::string_view quote) {
  const auto line = quote.substr(0, quote.find('\n'));
  const bool bare = line.find("[scenario.") != std::string_view::npos && line.find('/') != std::string_view::npos &&
                    line.find('"') == std::string_view::npos;
  return bare ? "; put the name in quotes: [scenario.\"RetryLoop/adaptive\"]" : "";
}

toml::table parse_toml(std::string_view text, const SourceText& source, const fs::path& file) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    const auto& position = error.source().begin;
    const auto place = source.place(position.line, position.column);
    fail_at(file, place,
            fmt::format("{}{}", sanitize(error.description(), longest_description), syntax_hint(place.quote)));
  }
}

/// Refuses a file of another schema before its keys are read, because they mean something else.
void require_schema(const toml::table& table, const SourceText& source, const fs::path& file) {
  Problems problems;
  const auto* schema = table.get("schema");
  if (schema == nullptr)
    fail_at(file, source.place(1, 1),
            fmt::format("schema is missing; begin the file with: schema = {}", schema_version));
  Config unused;
  check_schema({"schema", schema, schema->source().begin, &problems}, unused);
  problems.throw_if_any(source, file);
}

fs::path resolved(const fs::path& path, const fs::path& folder) { return (folder / path).lexically_normal(); }

void resolve_paths(Config& config) {
  const auto folder = fs::absolute(config.file).parent_path();
  config.results = resolved(config.results, folder);
  for (auto& binary : config.binaries)
    if (binary.has_parent_path()) binary = resolved(binary, folder);
  for (auto& [identity, scenario] : config.tables) {
    auto& program = scenario.settings.program;
    if (program && fs::path(program->command.front()).has_parent_path())
      program->command.front() = resolved(program->command.front(), folder).string();
  }
  if (!config.store.empty() && !config.store.starts_with("postgresql://"))
    config.store = resolved(config.store, folder).string();
}

constexpr std::int64_t mebibyte = std::int64_t{1} << 20;

template <typename Value>
std::optional<Value> either(const std::optional<Value>& own, const std::optional<Value>& fallback) {
  return own ? own : fallback;
}

template <typename Target, std::size_t size>
constexpr bool can_be_overridden(const Key<Target> (&keys)[size]) {
  return std::ranges::all_of(keys, [](const Key<Target>& key) { return key.access.take != nullptr; });
}
#ifndef __SANITIZE_ADDRESS__  // with which g++ takes no comparison of a function with null for a constant
static_assert(can_be_overridden(threshold_keys) && can_be_overridden(scenario_keys));
#endif

/// Merges key by key; the later of two tables wins.
Config::ScenarioTable merged(const std::vector<const Config::ScenarioTable*>& tables) {
  Config::ScenarioTable whole;
  for (const auto* table : tables) {
    for (const auto& key : threshold_keys)
      if (key.access.is_said(table->settings.limits)) key.access.take(table->settings.limits, whole.settings.limits);
    for (const auto& key : scenario_keys)
      if (key.access.is_said(*table)) key.access.take(*table, whole);
  }
  return whole;
}

/// The tables that match, the most specific one last.
std::vector<const Config::ScenarioTable*> tables_for(const std::string& identity,
                                                     const std::map<std::string, Config::ScenarioTable>& tables) {
  std::vector<std::pair<Glob, const Config::ScenarioTable*>> matching;
  for (const auto& [name, table] : tables)
    if (Glob glob(name); glob.matches(identity)) matching.emplace_back(std::move(glob), &table);
  std::ranges::stable_sort(matching, [](const auto& a, const auto& b) { return a.first.stands_before(b.first); });
  std::vector<const Config::ScenarioTable*> ordered;
  for (const auto& [glob, table] : matching) ordered.push_back(table);
  return ordered;
}

using Names = std::vector<std::string>;

struct Complaint {
  const SourcePlace* place;
  std::string text;
};

bool matches_any(const std::string& glob, const Names& known) {
  return std::ranges::any_of(known, std::bind_front(&Glob::matches, Glob(glob)));
}

/// Globs that these names suggest: "RetryLoop/*" and "*/adaptive" for "RetryLoop/adaptive".
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

/// The first key that two tables set, and no table that is more specific than both sets; empty if there is none.
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

/// The tables that match the scenario, in the order of the file.
std::vector<const NamedTable*> tables_matching(const Config& config, const std::string& scenario) {
  std::vector<const NamedTable*> tables;
  for (const auto& table : config.tables)
    if (Glob(table.first).matches(scenario)) tables.push_back(&table);
  std::ranges::sort(tables, std::less{}, [](const NamedTable* table) { return table->second.place.line; });
  return tables;
}

}  // namespace

Config load_config(const fs::path& file) { return parse_config(content_of(file), file); }

Config parse_config(std::string_view text, const fs::path& file) {
  const SourceText source(text);
  require_text(text, source, file);
  const auto table = parse_toml(text, source, file);
  require_schema(table, source, file);

  Config config = default_config();
  config.file = file;
  Problems problems;
  for (const auto& entry : entries(table, problems))
    if (!read_if_known(file_keys, entry, config)) fail_unknown_key(entry, "", names_of(file_keys));
  problems.throw_if_any(source, file);

  const auto quote = [&source](SourcePlace& place) { place = source.place(place.line, place.column); };
  for (auto& [identity, scenario] : config.tables) quote(scenario.place);
  for (auto& waiver : config.waivers)
    for (auto* place : {&waiver.place, &waiver.scenario_place, &waiver.until_place}) quote(*place);
  resolve_paths(config);
  return config;
}

Limits Limits::merged_over(const Limits& defaults) const {
  return {
      .final_growth_bytes = either(final_growth_bytes, defaults.final_growth_bytes),
      .peak_growth_bytes = either(peak_growth_bytes, defaults.peak_growth_bytes),
      .peak_rss_bytes = either(peak_rss_bytes, defaults.peak_rss_bytes),
      .vms_growth_bytes = either(vms_growth_bytes, defaults.vms_growth_bytes),
      .heap_growth_bytes_per_iteration =
          either(heap_growth_bytes_per_iteration, defaults.heap_growth_bytes_per_iteration),
      .open_files_growth = either(open_files_growth, defaults.open_files_growth),
      .threads_growth = either(threads_growth, defaults.threads_growth),
      .children_growth = either(children_growth, defaults.children_growth),
      .objects_growth = either(objects_growth, defaults.objects_growth),
  };
}

ScenarioSettings Config::settings_for(const std::string& identity) const {
  const auto own = merged(tables_for(identity, tables));
  ScenarioSettings settings = own.settings;
  settings.limits = own.settings.limits.merged_over(defaults);
  settings.timeout = own.timeout.value_or(timeout);
  return settings;
}

std::string Config::newest_name(const std::string& identity) const {
  auto name = identity;
  for (auto next = renames.find(name); next != renames.end(); next = renames.find(name)) name = next->second;
  return name;
}

Config default_config() {
  Config config;
  config.defaults = {
      .final_growth_bytes = 5 * mebibyte,
      .peak_growth_bytes = 50 * mebibyte,
      .peak_rss_bytes = {},
      .vms_growth_bytes = {},
      .heap_growth_bytes_per_iteration = 0.0,
      .open_files_growth = 0,
      .threads_growth = 0,
      .children_growth = 0,
      .objects_growth = 1000,
  };
  return config;
}

void Config::require_tables_match(const std::vector<std::string>& known) const {
  std::vector<Complaint> complaints;
  for (const auto& [name, table] : tables)
    if (!matches_any(name, known)) complaints.push_back({&table.place, unknown_scenario(name, known)});
  for (const auto& waiver : waivers)
    if (!matches_any(waiver.scenario, known))
      complaints.push_back({&waiver.scenario_place, unknown_scenario(waiver.scenario, known)});
  for (const auto& scenario : known) find_ambiguities(scenario, tables_matching(*this, scenario), complaints);

  std::ranges::stable_sort(complaints, std::less{}, [](const Complaint& complaint) {
    return std::tuple(complaint.place->line, complaint.place->column);
  });
  std::string text;
  for (const auto& [place, complaint] : complaints)
    text += (text.empty() ? "" : "\n") + located(file, *place, complaint);
  if (!text.empty()) throw UserError(text);
}

}  // namespace soak::config
