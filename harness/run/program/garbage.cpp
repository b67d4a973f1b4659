#include "run/program/garbage.hpp"

#include <csignal>
#include <cstdint>
#include <fstream>
#include <string>

namespace soak::run {
namespace {

int garbage_collection_signal() { return SIGRTMAX - 1; }

/// Its own handler is in place (proc(5), SigCgt); without one the signal would end it.
bool catches(pid_t process, int signal) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("SigCgt:"))
      return (std::stoull(line.substr(7), nullptr, 16) >> (signal - 1) & std::uint64_t{1}) != 0;
  return false;
}

}  // namespace

void ask_for_garbage_collection(pid_t process) {
  if (catches(process, garbage_collection_signal())) kill(process, garbage_collection_signal());
}

}  // namespace soak::run
