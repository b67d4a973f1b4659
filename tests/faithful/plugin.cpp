// Loaded and unloaded: holds a block from its constructor to its destructor.
#include <stdlib.h>
#include <string.h>

namespace {
char* held = nullptr;
__attribute__((constructor)) void take() { held = strdup("held while loaded"); }
__attribute__((destructor)) void give_back() { free(held); }
}  // namespace

extern "C" void* make_block() { return malloc(1000); }
