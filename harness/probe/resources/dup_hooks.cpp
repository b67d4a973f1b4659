// More descriptors of what is open already.
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "probe/resources/descriptor_hooks.hpp"

SOAK_OPENS(dup, (int descriptor), (descriptor))
// The one that had the number is closed by it; a table's entry is replaced.
SOAK_OPENS(dup3, (int descriptor, int wanted, int flags), (descriptor, wanted, flags))

SOAK_NEXT(int(int, int), dup2)
SOAK_HOOK int dup2(int descriptor, int wanted) {
  const auto caller = SOAK_CALLER_REGISTERS();
  const int result = (*next_dup2)(descriptor, wanted);
  return descriptor == wanted ? result : soak::probe::opened(result, caller);
}

// What follows the command, if anything does, is an int or a pointer, and is passed on as libc itself does.
#define SOAK_DUPLICATES_BY_COMMAND(function)                              \
  SOAK_NEXT(int(int, int, ...), function)                                 \
  SOAK_HOOK int function(int descriptor, int command, ...) {              \
    const auto caller = SOAK_CALLER_REGISTERS();                          \
    va_list rest;                                                         \
    va_start(rest, command);                                              \
    void* const argument = va_arg(rest, void*);                           \
    va_end(rest);                                                         \
    const int result = (*next_##function)(descriptor, command, argument); \
    const bool is_dup = command == F_DUPFD || command == F_DUPFD_CLOEXEC; \
    return is_dup ? soak::probe::opened(result, caller) : result;         \
  }

SOAK_DUPLICATES_BY_COMMAND(fcntl)
SOAK_DUPLICATES_BY_COMMAND(fcntl64)
