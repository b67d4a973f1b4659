// A shared library with a function of a known line.
#include "note.hpp"

namespace library {

[[gnu::noinline]] void called() {
  note("library", __LINE__, 0);
  asm volatile("");
}

}  // namespace library
