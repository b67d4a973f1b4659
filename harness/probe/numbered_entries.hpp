// The numbers that name the entries of a /proc folder: descriptors, threads.
#pragma once

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "probe/own_calls.hpp"
#include "probe/small_file.hpp"

namespace soak::probe {

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

}  // namespace soak::probe
