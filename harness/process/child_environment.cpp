#include "process/child_environment.hpp"

#include <unistd.h>

namespace soak::process {
namespace {

bool is_scrubbed(const std::string& name) {
  return name.starts_with("BENCHMARK_") || (name.starts_with("SOAK_") && name != "SOAK_MEDIA_SERVER") ||
         name == "DEBUGINFOD_URLS";
}

}  // namespace

std::vector<std::string> child_environment(const std::vector<std::string>& inherited,
                                           const std::map<std::string, std::string>& additions) {
  std::map<std::string, std::string> variables;
  for (const auto& entry : inherited) {
    const auto name = entry.substr(0, entry.find('='));
    if (!is_scrubbed(name) && name.size() < entry.size()) variables[name] = entry.substr(name.size() + 1);
  }
  for (const auto& [name, value] : additions) variables[name] = value;
  std::vector<std::string> entries;
  entries.reserve(variables.size());
  for (const auto& [name, value] : variables) entries.push_back(name + "=" + value);
  return entries;
}

std::vector<std::string> child_environment(const std::map<std::string, std::string>& additions) {
  std::vector<std::string> inherited;
  for (char** entry = environ; *entry != nullptr; ++entry) inherited.emplace_back(*entry);
  return child_environment(inherited, additions);
}

}  // namespace soak::process
