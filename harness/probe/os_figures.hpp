// Reading small files of /proc without allocating.
#pragma once

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

#include "probe/own_calls.hpp"
#include "region/layout/region_layout.hpp"

namespace soak::probe {

struct Text {
  const char* begin = nullptr;
  std::size_t size = 0;
};

/// Reads up to `capacity` bytes of the file into `buffer`; an empty text where it cannot be read.
Text read_small_file(const char* path, char* buffer, std::size_t capacity) noexcept;

/// The number in the line that starts with `key`, as in "VmRSS:\t  1234 kB": 1234. A key without its colon stands for
/// every line that starts so, and the sum is taken: "Private_" is Private_Clean and Private_Dirty. `absent` where no
/// such line has a number.
std::int64_t number_after(Text text, const char* key) noexcept;

/// The number at `position`, blanks before it passed over, and `position` moved behind it; -1 where there is none,
/// INT64_MAX where it does not fit.
std::int64_t parse_number(Text text, std::size_t& position) noexcept;

// Paths of /proc, put together without allocating: snprintf takes locale locks and may allocate.

/// Pieces one after another; what does not fit is left out, and the text stays terminated.
struct PathBuilder {
  char text[64] = {};
  std::size_t size = 0;

  PathBuilder& add(const char* piece) noexcept {
    for (; *piece != '\0' && size + 1 < sizeof(text); ++piece) text[size++] = *piece;
    return *this;
  }
  /// Precondition: number >= 0.
  PathBuilder& add(std::int64_t number) noexcept {
    char digits[24];
    std::size_t count = 0;
    do digits[count++] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    while (count > 0 && size + 1 < sizeof(text)) text[size++] = digits[--count];
    return *this;
  }
};

// The numbers that name the entries of a /proc folder: descriptors, threads.

/// Calls visit(number) for each; the descriptor that lists them is left out. False where the folder cannot be listed.
/// Uses getdents64(2): opendir(3) would allocate.
template <typename Visit>
bool for_each_numbered_entry(const char* folder_path, Visit visit) noexcept {
  constexpr long size_offset = 16, name_offset = 19;  // of struct linux_dirent64
  const int folder = own::open(folder_path, O_RDONLY | O_DIRECTORY);
  if (folder < 0) return false;
  alignas(8) char buffer[2048];  // exit may run on the smallest of stacks
  for (long got = 0; (got = syscall(SYS_getdents64, folder, buffer, sizeof(buffer))) > 0;) {
    std::uint16_t entry_bytes = 0;
    for (long entry = 0; entry < got; entry += entry_bytes) {
      memcpy(&entry_bytes, buffer + entry + size_offset, sizeof(entry_bytes));
      const char* const name = buffer + entry + name_offset;
      std::size_t digit = 0;
      if (const auto number = parse_number({name, strlen(name)}, digit); number >= 0 && number != folder)
        visit(number);
    }
  }
  own::close(folder);
  return true;
}

// What /proc/PID/stat says about a process.

struct ProcessStat {
  char state = '\0';                          ///< As in proc(5): R, S, Z...; zero where there is no such process.
  std::int64_t start_ticks = layout::absent;  ///< From boot; with the number, this tells a process from all others.
};

/// "1234 (name with ) and spaces) Z 1 ...": the fields stand behind the last closing parenthesis.
[[nodiscard]] ProcessStat parse_process_stat(Text stat) noexcept;
[[nodiscard]] ProcessStat read_process_stat(std::int64_t pid) noexcept;

// Child processes not yet waited for.

/// One system call where there are none, which is nearly always; else each thread's list is read. `absent` where the
/// lists cannot be read.
void count_children(layout::Reading& reading) noexcept;

// Open file descriptors of this process: how many, and of which kind.

/// The number alone: one stat(2) since Linux 6.2, where the size of /proc/self/fd is the number of its entries;
/// before, the folder is listed.
void count_descriptors(layout::Reading& reading) noexcept;
/// Regular files, sockets, pipes and others: one fstat(2) a descriptor.
void count_descriptors_by_kind(layout::Reading& reading) noexcept;

// The operating system's figures about this process, at a price that does not grow with it.

/// Opens what brief readings need, where it is not open yet: before a loop, so that a process that runs out of
/// descriptors in it can still be measured. Not when the probe is loaded: a program that is never measured keeps its
/// descriptors as they would be.
void open_os_figures() noexcept;
/// How many descriptors of this process are the probe's own.
std::int64_t own_descriptors() noexcept;

/// RSS, VMS, peak RSS, threads, preemptions (proc(5), status): about 12 us at any size of the process.
void read_status(layout::Reading& reading) noexcept;
/// PSS and USS (smaps_rollup): walks the page tables, milliseconds a gigabyte.
void read_smaps_rollup(layout::Reading& reading) noexcept;
void read_cpu_time(layout::Reading& reading) noexcept;

/// 5 to /proc/self/clear_refs: VmHWM starts again from VmRSS.
bool reset_peak() noexcept;

std::int64_t monotonic_ns() noexcept;

}  // namespace soak::probe
