#include "process/environment.hpp"

#include <unistd.h>

#include <cstdlib>
#include <sstream>

namespace soak::process {
namespace {

bool is_scrubbed(const std::string& name) {
  return name.starts_with("BENCHMARK_") || (name.starts_with("SOAK_") && name != "SOAK_MEDIA_SERVER") ||
         name == "DEBUGINFOD_URLS";
}

/// What execvp(3) takes if PATH is not set.
constexpr const char* default_path = "/bin:/usr/bin";

bool is_executable_file(const std::filesystem::path& file) {
  std::error_code ignored;
  return access(file.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(file, ignored);
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

std::optional<std::filesystem::path> find_program(const std::string& name) {
  if (name.find('/') != std::string::npos)
    return is_executable_file(name) ? std::optional<std::filesystem::path>(name) : std::nullopt;
  const char* const path = std::getenv("PATH");
  // An empty entry, also the last one, is the current folder; getline alone would not see the last one.
  std::istringstream folders(std::string(path == nullptr ? default_path : path) + ':');
  for (std::string folder; std::getline(folders, folder, ':');)
    if (auto found = std::filesystem::path(folder.empty() ? "." : folder) / name; is_executable_file(found))
      return found;
  return {};
}

}  // namespace soak::process
