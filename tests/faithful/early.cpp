// Allocates before anybody's main, and before the probe is set up: its constructor runs when the loader comes to it.
#include <stdlib.h>

namespace {
void* blocks[1000];
__attribute__((constructor(101))) void allocate_early() {
  const char* const count = getenv("EARLY_BLOCKS");
  for (int i = 0; i < (count == nullptr ? 0 : atoi(count)); ++i) blocks[i] = malloc(24);
}
}  // namespace

extern "C" void* early_block(int index) { return blocks[index]; }
