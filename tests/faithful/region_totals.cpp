// region_totals FILE: what a region says, as JSON, for the tests that look at it from outside.
#include <stdio.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "probe/counters.hpp"
#include "region/layout/region_layout.hpp"

namespace {

using namespace soak;
using namespace soak::probe;

std::vector<char> content_of(const char* path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

struct FreeAligned {
  void operator()(void* memory) const { std::free(memory); }
};

void print_field(const char* name, std::int64_t value) {
  if (value == layout::absent)
    printf("\"%s\": null, ", name);
  else
    printf("\"%s\": %ld, ", name, value);
}

void print(layout::RegionHeader& region) {
  const auto heap = read_heap(region);
  const auto& end = region.end_reading;  // Zeros where the process did not end in order.
  printf("{");
  print_field("heap_bytes", heap.bytes);
  print_field("heap_blocks", heap.blocks);
  print_field("heap_peak_bytes", heap.peak_bytes);
  print_field("allocations", heap.allocations);
  print_field("frees", heap.frees);
  print_field("end_heap_bytes", end.heap_bytes);
  print_field("end_heap_blocks", end.heap_blocks);
  print_field("end_open_files", end.open_files);
  print_field("end_resident_bytes", end.resident_bytes);
  print_field("joinable_threads", region.joinable_threads.load());
  printf("\"allocator\": \"%s\", \"heap_is_counted\": %u, ", region.allocator, region.heap_is_counted);
  printf("\"owner_pid\": %d, \"exec_count\": %u, ", region.owner_pid.load(), region.exec_count.load());
  printf("\"ended\": %s}\n", region.state == layout::ProcessState::ended ? "true" : "false");
}

}  // namespace

int main(int argc, char** argv) {
  const auto content = argc == 2 ? content_of(argv[1]) : std::vector<char>();
  constexpr std::size_t alignment = alignof(layout::RegionHeader);
  const auto bytes = (content.size() / alignment + 1) * alignment;
  const std::unique_ptr<void, FreeAligned> memory(std::aligned_alloc(alignment, bytes));
  if (content.size() < sizeof(layout::RegionHeader)) return 1;
  std::memcpy(memory.get(), content.data(), content.size());
  auto& region = *static_cast<layout::RegionHeader*>(memory.get());
  if (region.magic != layout::region_magic || region.total_bytes > content.size()) return 1;
  print(region);
  return 0;
}
