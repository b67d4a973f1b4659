#include "doctor/prognosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace soak::doctor {
namespace {

constexpr const char* names[] = {"good", "poor", "bad"};

const char* name_of(Health health) { return names[static_cast<std::size_t>(health)]; }

constexpr std::string_view libprobe = "libsoak_probe.so";

bool needs_probe(const symbols::ElfSummary& file) {
  return std::ranges::any_of(file.needed, [](const std::string& name) { return name.starts_with(libprobe); });
}

}  // namespace

Finding without_probe(const std::string& subject, const std::optional<symbols::ElfSummary>& file) {
  const auto bad = [&](std::string what, std::string advice) {
    return Finding{Health::bad, subject, std::move(what), std::move(advice)};
  };
  if (!file)
    return bad("is no executable of this system (ELF)", "name the program itself, not a script that starts it");
  if (file->is_static)
    return bad("is statically linked, so no probe can come before its malloc",
               "link it dynamically; without that only the operating system's figures can be had");
  if (!needs_probe(*file))
    return bad(
        "is not linked to libsoak_probe.so: it does not use soak, or the linker dropped the library as not needed",
        "link soak::fixture and soak::main; with a build of your own, put -Wl,--no-as-needed -lsoak_probe before "
        "all other libraries");
  return bad("is linked to libsoak_probe.so, yet the probe left no trace",
             "run it by hand with SOAK_REGION=/tmp/region and see what it says; SOAK_PROBE=off turns the probe off");
}

Finding without_heap(const std::string& subject, const std::string& why,
                     const std::optional<symbols::ElfSummary>& file) {
  std::string advice =
      "see that libsoak_probe.so comes first among the libraries: -Wl,--no-as-needed before all others";
  if (why.find("sanitizer") != std::string::npos)
    advice = "soak a build without sanitizers: they keep malloc to themselves";
  else if (file && file->defines_malloc)
    advice =
        "it has an allocator of its own linked into it; link that allocator as a shared library behind the probe";
  return {Health::bad, subject, fmt::format("the probe is there, but counts no heap: {}", why), advice};
}

Health worst_of(const std::vector<Finding>& findings) {
  auto worst = Health::good;
  for (const auto& finding : findings) worst = std::max(worst, finding.health);
  return worst;
}

std::string text_of(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& [health, subject, what, advice] : findings) {
    text += fmt::format("{:<5} {}: {}\n", health == Health::good ? "ok" : name_of(health), subject, what);
    if (!advice.empty()) text += fmt::format("      what to do: {}\n", advice);
  }
  return text + (worst_of(findings) == Health::bad ? "\nnot everything can be measured here\n"
                                                   : "\nall that matters can be measured here\n");
}

std::string json_of(const std::vector<Finding>& findings) {
  using Json = nlohmann::ordered_json;
  auto list = Json::array();
  for (const auto& [health, subject, what, advice] : findings)
    list.push_back({{"health", name_of(health)},
                    {"subject", subject},
                    {"what", what},
                    {"advice", advice.empty() ? Json() : Json(advice)}});
  const Json json{{"schema_version", 1}, {"health", name_of(worst_of(findings))}, {"findings", list}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace soak::doctor
