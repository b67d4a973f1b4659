// Every form of operator new and delete, and what they do when there is no memory.
#include <stdint.h>

#include <new>

#include "heap_change.hpp"

using namespace faithful;

namespace {

constexpr std::align_val_t aligned{128};
const volatile std::size_t impossible = SIZE_MAX / 4;

template <typename New, typename Delete>
void is_counted(const char* what, New allocate, Delete release) {
  const HeapChange change;
  void* const block = kept(allocate());
  change.expect(what, {1, usable(block), 1, 0});
  release(block);
  change.expect(what, {0, 0, 1, 1});
}

template <typename New>
void throws(const char* what, New allocate) {
  const HeapChange change;
  bool thrown = false;
  try {
    kept(allocate());
  } catch (const std::bad_alloc&) {
    thrown = true;
  }
  expect(thrown, what);
  // The exception itself is allocated, and gone.
  change.expect(what, {0, 0, 1, 1});
}

int handler_calls = 0;
void give_up_at_the_third_call() {
  if (++handler_calls == 3) std::set_new_handler(nullptr);
}

}  // namespace

int main() {
  is_counted(
      "new", [] { return operator new(100); }, [](void* p) { operator delete(p); });
  is_counted(
      "new[]", [] { return operator new[](100); }, [](void* p) { operator delete[](p); });
  is_counted(
      "new of nothing", [] { return operator new(0); }, [](void* p) { operator delete(p); });
  is_counted(
      "sized", [] { return operator new(100); }, [](void* p) { operator delete(p, 100); });
  is_counted(
      "sized[]", [] { return operator new[](100); }, [](void* p) { operator delete[](p, 100); });
  is_counted(
      "nothrow", [] { return operator new(100, std::nothrow); }, [](void* p) { operator delete(p, std::nothrow); });
  is_counted(
      "nothrow[]", [] { return operator new[](100, std::nothrow); },
      [](void* p) { operator delete[](p, std::nothrow); });
  is_counted(
      "aligned", [] { return operator new(100, aligned); }, [](void* p) { operator delete(p, aligned); });
  is_counted(
      "aligned[]", [] { return operator new[](100, aligned); }, [](void* p) { operator delete[](p, aligned); });
  is_counted(
      "aligned, sized", [] { return operator new(100, aligned); }, [](void* p) { operator delete(p, 100, aligned); });
  is_counted(
      "aligned, sized[]", [] { return operator new[](100, aligned); },
      [](void* p) { operator delete[](p, 100, aligned); });
  is_counted(
      "aligned, nothrow", [] { return operator new(100, aligned, std::nothrow); },
      [](void* p) { operator delete(p, aligned, std::nothrow); });
  is_counted(
      "aligned, nothrow[]", [] { return operator new[](100, aligned, std::nothrow); },
      [](void* p) { operator delete[](p, aligned, std::nothrow); });

  throws("new", [] { return operator new(impossible); });
  throws("new[]", [] { return operator new[](impossible); });
  throws("aligned new", [] { return operator new(impossible, aligned); });
  expect(kept(operator new(impossible, std::nothrow)) == nullptr, "nothrow new answers with null");
  expect(kept(operator new(impossible, aligned, std::nothrow)) == nullptr, "aligned, too");

  std::set_new_handler(&give_up_at_the_third_call);
  throws("new with a handler", [] { return operator new(impossible); });
  expect(handler_calls == 3, "the handler is called until there is none");
  return result();
}
