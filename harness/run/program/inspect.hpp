// The kind of program that a file is, and how it can be measured.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace soak::run {

struct ProgramFile {
  std::filesystem::path path;                      ///< Absolute.
  std::string heap_unavailable;                    ///< Why the probe cannot count its heap; empty if it can.
  bool can_be_preloaded = true;                    ///< False: the probe is not even loaded.
  bool collects_garbage = false;                   ///< When asked to: see ask_for_garbage_collection().
  std::vector<std::string> notes;                  ///< Remarks for the reader of its figures.
  std::map<std::string, std::string> environment;  ///< Added to its environment to make its figures honest.
};

/// Looks for a program as execvp(3) does, relative names with a folder from `folder`. Throws UserError if there is
/// none, or it may not be executed.
[[nodiscard]] ProgramFile inspect_program(const std::string& name, const std::filesystem::path& folder);

/// The libraries that a dynamically linked executable of this machine names (DT_NEEDED); empty for anything else.
[[nodiscard]] std::optional<std::vector<std::string>> needed_libraries(const std::filesystem::path& file);

/// libsoak_probe.so, beside the running soak or in its installed folder. Throws UserError if it is missing.
[[nodiscard]] std::filesystem::path find_probe();

/// LD_PRELOAD with the probe first: before what `environment`, else this process, preloads already.
[[nodiscard]] std::string preloaded_probe(const std::map<std::string, std::string>& environment);

}  // namespace soak::run
