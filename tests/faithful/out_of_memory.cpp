// The kernel refuses memory (RLIMIT_AS): what was not handed out is not counted, and the program lives on.
#include <errno.h>
#include <sys/resource.h>

#include <new>

#include "heap_change.hpp"

using namespace faithful;

int main() {
  void* const block = kept(malloc(1000));
  const rlimit now_and_no_more{0, RLIM_INFINITY};
  setrlimit(RLIMIT_AS, &now_and_no_more);
  const HeapChange change;
  constexpr std::size_t too_much = 1 << 30;
  errno = 0;
  void* const none = kept(malloc(too_much));
  expect(none == nullptr && errno == ENOMEM, "malloc fails with ENOMEM");
  expect(kept(calloc(too_much, 1)) == nullptr, "calloc fails");
  expect(kept(realloc(block, too_much)) == nullptr, "realloc fails");
  expect(kept(aligned_alloc(4096, too_much)) == nullptr, "aligned_alloc fails");
  change.expect("nothing was handed out", {0, 0, 0, 0});
  expect(kept(operator new(too_much, std::nothrow)) == nullptr, "nothrow new fails");
  change.expect("the exception that nothrow new caught", {0, 0, 1, 1});
  free(block);
  const rlimit without_limit{RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_AS, &without_limit);
  void* const big = kept(malloc(too_much));
  expect(big != nullptr, "and afterwards it works again");
  free(big);
  return result();
}
