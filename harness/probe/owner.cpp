#include "probe/owner.hpp"

#include <errno.h>
#include <sys/file.h>
#include <unistd.h>

#include "probe/process_stat.hpp"

namespace soak::probe {

Claim claim(layout::RegionHeader& region, int file) noexcept {
  const bool held_by_another = file >= 0 && flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  const auto pid = static_cast<std::int32_t>(getpid());
  const auto start_ticks = read_process_stat(pid).start_ticks;
  // Asked first: what is left of the image before exec may hold the lock for another moment.
  if (region.owner_pid == pid && region.owner_start_ticks == start_ticks) return Claim::after_exec;
  if (held_by_another) return Claim::refused;
  region.owner_pid = pid;
  region.owner_start_ticks = start_ticks;
  return Claim::fresh;
}

}  // namespace soak::probe
