// Linked with a library whose constructor allocates; frees one of its blocks.
#include <stdlib.h>

extern "C" void* early_block(int index);

int main() {
  free(early_block(0));
  return 0;
}
