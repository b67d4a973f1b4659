// Blocks that come from the allocator underneath, past the probe, and are freed or resized through it. With call
// sites on they are known to be foreign: counted as such and otherwise left out. Without, nothing tells them from
// others, and what was never added is taken off.
#include "heap_change.hpp"

using namespace faithful;

extern "C" void* __libc_malloc(std::size_t);

namespace {

bool knows_foreign_blocks() {
  return section_begin<soak::layout::SitesHeader>(*region_now(), soak::layout::SectionId::site_header) != nullptr;
}

/// Of some usable bytes: what a free of one is expected to do.
Totals freed(std::int64_t bytes) { return knows_foreign_blocks() ? Totals{} : Totals{-1, -bytes, 0, 1}; }

std::int64_t foreign_frees() { return region_now()->foreign_frees; }

void a_free() {
  const HeapChange change;
  const auto before = foreign_frees();
  void* const block = kept(__libc_malloc(100));
  const auto bytes = usable(block);
  free(block);
  change.expect("free of a foreign block", freed(bytes));
  expect(foreign_frees() - before == (knows_foreign_blocks() ? 1 : 0), "it was counted where it can be known");
}

void a_realloc() {
  const HeapChange change;
  void* const block = kept(__libc_malloc(100));
  const auto before = usable(block);
  void* const resized = kept(realloc(block, 50'000));
  auto expected = freed(before);
  expected.blocks += 1;
  expected.bytes += usable(resized);
  expected.allocations += 1;
  change.expect("realloc of a foreign block", expected);
  free(resized);
}

void a_realloc_that_fails() {
  const HeapChange change;
  const auto before = foreign_frees();
  void* const block = kept(__libc_malloc(100));
  const volatile std::size_t too_much = PTRDIFF_MAX;
  expect(realloc(block, too_much) == nullptr, "there is not so much memory");
  change.expect("realloc of a foreign block that fails", {});
  expect(foreign_frees() == before, "it was not freed");
  free(block);
}

void own_blocks_are_not_foreign() {
  const auto before = foreign_frees();
  for (int i = 0; i < 1000; ++i) free(kept(malloc(static_cast<std::size_t>(i) * 37)));
  expect(foreign_frees() == before, "own blocks are not foreign");
}

}  // namespace

int main() {
  a_free();
  a_realloc();
  a_realloc_that_fails();
  own_blocks_are_not_foreign();
  return result();
}
