// From the text of benchmarks.toml to a Config: is it text, is it TOML, is it ours.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/user_error.hpp"
#include "config/config.hpp"
#include "config/keys.hpp"
#include "config/problems.hpp"
#include "config/source_text.hpp"

namespace soak::config {
namespace {

namespace fs = std::filesystem;

// toml++ destroys nested tables recursively: 40,000 points in one dotted key overflow the stack. It limits brackets
// itself; points are limited here, far above what a file of use has.
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

/// The commonest slip: a scenario's name has a '/', which TOML takes in quotes only.
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

/// A file of another schema is not looked into: its keys mean something else.
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

/// A name without a folder stays as it is where it may be looked for elsewhere.
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

}  // namespace

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

}  // namespace soak::config
