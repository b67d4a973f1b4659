#include "run/program/inspect.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/user_error.hpp"
#include "process/environment.hpp"
#include "run/plan.hpp"
#include "symbols/elf_file.hpp"

namespace soak::run {
namespace {

namespace fs = std::filesystem;

/// What was meant by a command that is none.
std::string what_to_write(const std::string& name) {
  const auto space = name.find(' ');
  if (space != std::string::npos && space > 0)
    return fmt::format("its words are one argument: write them without quotes, or -- sh -c '{}'", name);
  const auto equals = name.find('=');
  if (equals != std::string::npos && equals > 0) return fmt::format("write -- env {} COMMAND", name);
  return fmt::format("name a program with its folder, as ./{}, or, if a shell is to know it, write -- sh -c '{} ...'",
                     name, name);
}

fs::path located(const std::string& name, const fs::path& folder) {
  const bool has_folder = name.find('/') != std::string::npos;
  const auto found = has_folder ? folder / name : process::find_program(name).value_or(fs::path());
  std::error_code ignored;
  if (found.empty())
    throw UserError(fmt::format("{}: there is no such command in PATH; {}", name, what_to_write(name)));
  if (!fs::exists(found, ignored))
    throw UserError(fmt::format("{}: there is no such file{}", found.string(),
                                name.find(' ') == std::string::npos ? "" : "; " + what_to_write(name)));
  if (fs::is_directory(found, ignored))
    throw UserError(fmt::format("{}: is a folder; name the program in it", found.string()));
  if (access(found.c_str(), X_OK) != 0)
    throw UserError(fmt::format("{}: may not be executed; try chmod +x", found.string()));
  return fs::absolute(found).lexically_normal();
}

std::string first_line(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 256> begin{};
  file.read(begin.data(), begin.size() - 1);
  const std::string text(begin.data());
  return text.substr(0, text.find('\n'));
}

/// `#!/usr/bin/env -S python3 -u` starts python3.
std::string interpreter_in(const std::string& line) {
  if (!line.starts_with("#!")) return {};
  std::istringstream words(line.substr(2));
  std::string word;
  words >> word;
  if (fs::path(word).filename() != "env") return word;
  while (words >> word && (word.starts_with('-') || word.find('=') != std::string::npos)) {
  }
  return word;
}

bool runs_with_more_rights(const fs::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return false;
  const bool other_user = (status.st_mode & S_ISUID) != 0 && status.st_uid != geteuid();
  const bool other_group = (status.st_mode & S_ISGID) != 0 && status.st_gid != getegid();
  return other_user || other_group || getxattr(path.c_str(), "security.capability", nullptr, 0) > 0;
}

void cannot_be_preloaded(ProgramFile& program, const std::string& why) {
  program.can_be_preloaded = false;
  program.heap_unavailable = why + ", so the probe cannot be loaded into it";
  program.notes.push_back(fmt::format("{} {}; only the operating system's figures are judged", program.path.string(),
                                      program.heap_unavailable));
}

/// Where our sitecustomize is; see python/sitecustomize.py.
void add_python_path(ProgramFile& program) {
  const auto folder = find_probe().parent_path() / "soak/python";
  std::error_code ignored;
  if (!fs::exists(folder / "sitecustomize.py", ignored)) return;
  program.collects_garbage = true;
  const char* const own = std::getenv("PYTHONPATH");
  program.environment["PYTHONPATH"] =
      folder.string() + (own == nullptr || *own == '\0' ? "" : std::string(":") + own);
}

void note_language(ProgramFile& program, const std::string& name) {
  if (name.starts_with("python")) {
    program.environment = {{"PYTHONMALLOC", "malloc"}, {"PYTHONHASHSEED", "0"}};
    add_python_path(program);
    program.notes.push_back(
        "Python runs with PYTHONMALLOC=malloc, so that each of its objects is counted, and with PYTHONHASHSEED=0, so "
        "that runs are alike");
  } else if (name == "node" || name == "nodejs") {
    program.notes.push_back(
        "node keeps JavaScript objects in memory of its own: live heap is what its C++ parts hold, objects show in "
        "resident memory only");
  } else if (name == "java") {
    program.notes.push_back(
        "Java keeps its objects in memory of its own: live heap is what the virtual machine itself holds, objects "
        "show "
        "in resident memory only");
  }
}

}  // namespace

ProgramFile inspect_program(const std::string& name, const fs::path& folder) {
  ProgramFile program;
  program.path = located(name, folder);
  if (const auto interpreter = interpreter_in(first_line(program.path)); !interpreter.empty()) {
    note_language(program, fs::path(interpreter).filename().string());
    return program;
  }
  const auto file = symbols::ElfFile::open(program.path);
  if (file && file->is_native() && file->is_go()) {
    program.can_be_preloaded = false;
    program.heap_unavailable = "Go does not use malloc";
    program.notes.push_back(
        "Go does not use malloc, so its heap cannot be counted; only the operating system's figures are judged");
  } else if (file && !file->is_native()) {
    cannot_be_preloaded(program, "is built for another architecture");
  } else if (file && !file->has_interpreter()) {
    cannot_be_preloaded(program, "is statically linked");
  } else if (runs_with_more_rights(program.path)) {
    cannot_be_preloaded(program, "runs with more rights than its user (setuid, setgid or capabilities)");
  } else {
    note_language(program, program.path.filename().string());
  }
  return program;
}

std::optional<std::vector<std::string>> needed_libraries(const fs::path& path) {
  const auto file = symbols::ElfFile::open(path);
  if (!file || !file->is_native() || !file->has_interpreter()) return {};
  return file->needed_libraries();
}

fs::path find_probe() {
  constexpr const char* file = "libsoak_probe.so";
  const auto beside = program_folder();
  std::error_code ignored;
  for (const auto& folder : {beside / "../lib", beside / SOAK_PROBE_FOLDER, beside})
    if (fs::exists(folder / file, ignored)) return (folder / file).lexically_normal();
  throw UserError(fmt::format("{} is neither beside {} nor in its library folder; install soak whole", file,
                              (beside / "soak").string()));
}

std::string preloaded_probe(const std::map<std::string, std::string>& environment) {
  const auto own = environment.find("LD_PRELOAD");
  const char* const inherited = std::getenv("LD_PRELOAD");
  const std::string others = own != environment.end() ? own->second : inherited == nullptr ? "" : inherited;
  return find_probe().string() + (others.empty() ? "" : ":" + others);
}

}  // namespace soak::run
