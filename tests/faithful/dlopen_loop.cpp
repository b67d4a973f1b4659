// A plugin loaded and unloaded many times; a block of its making outlives it.
#include "heap_change.hpp"

using namespace faithful;

namespace {

void* block_of_plugin(const char* file) {
  void* const plugin = dlopen(file, RTLD_NOW);
  if (plugin == nullptr) {
    fprintf(stderr, "%s\n", dlerror());
    exit(2);
  }
  void* const block = reinterpret_cast<void* (*)()>(dlsym(plugin, "make_block"))();
  dlclose(plugin);
  return block;
}

}  // namespace

int main(int, char** arguments) {
  const char* const file = arguments[1];
  for (int i = 0; i < 3; ++i) free(block_of_plugin(file));  // The loader keeps what it makes room for.
  const auto before = totals_now();
  for (int i = 0; i < 200; ++i) free(block_of_plugin(file));
  const auto after = totals_now();
  expect(after.blocks == before.blocks && after.bytes == before.bytes, "200 rounds leave nothing behind");
  void* const block = block_of_plugin(file);
  const auto with_block = totals_now();
  expect(with_block.blocks == before.blocks + 1, "its block outlives the plugin");
  expect(with_block.bytes == before.bytes + usable(block), "with all its bytes");
  free(block);
  return result();
}
