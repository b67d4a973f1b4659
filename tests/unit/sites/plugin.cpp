// A library that allocates through a function of its own, to be opened and closed. Two are built, that differ.
#include <cstdlib>

extern "C" __attribute__((visibility("default"), noinline)) void* plugin_allocate(std::size_t bytes) {
#ifdef SOAK_PLUGIN_B
  void* const block = std::calloc(2, bytes);
#else
  void* const block = std::malloc(bytes);
#endif
  if (block != nullptr) *static_cast<volatile char*>(block) = 1;
  return block;
}
