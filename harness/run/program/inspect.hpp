// What kind of program a file is, and what that means for measuring it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace soak::run {

struct ProgramFile {
  std::filesystem::path path;                      ///< Absolute.
  std::string heap_unavailable;                    ///< Why the probe cannot count its heap; empty where it can.
  bool can_be_preloaded = true;                    ///< False: the probe is not even loaded.
  bool collects_garbage = false;                   ///< When asked to: see garbage.hpp.
  std::vector<std::string> notes;                  ///< What is to be known about its figures.
  std::map<std::string, std::string> environment;  ///< What makes its figures honest, added to its environment.
};

/// Looks for a program as execvp(3) does, relative names with a folder from `folder`. Throws UserError where there is
/// none, or it may not be executed.
[[nodiscard]] ProgramFile inspect_program(const std::string& name, const std::filesystem::path& folder);

/// The libraries that a dynamically linked executable of this machine names (DT_NEEDED); empty for anything else.
[[nodiscard]] std::optional<std::vector<std::string>> needed_libraries(const std::filesystem::path& file);

/// libsoak_probe.so, beside the running soak or where it was installed. Throws UserError where it is missing.
[[nodiscard]] std::filesystem::path find_probe();

/// LD_PRELOAD with the probe first: before what `environment`, else this process, preloads already.
[[nodiscard]] std::string preloaded_probe(const std::map<std::string, std::string>& environment);

}  // namespace soak::run
