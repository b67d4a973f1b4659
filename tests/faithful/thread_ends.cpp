// What a thread allocates while it is torn down: destructors of thread_local objects, and of keys that were made
// before the probe's and after it.
#include <pthread.h>

#include <thread>

#include "heap_change.hpp"

using namespace faithful;

namespace {

struct AllocatesInItsDestructor {
  void touch() {}
  ~AllocatesInItsDestructor() { kept(malloc(24)); }
};
thread_local AllocatesInItsDestructor thread_object;

pthread_key_t key;

/// Sets its key again, so that it is called PTHREAD_DESTRUCTOR_ITERATIONS times.
void allocate_and_come_again(void* value) {
  kept(malloc(40));
  free(kept(malloc(1000)));
  pthread_setspecific(key, value);
}

void* end_with_both(void*) {
  thread_object.touch();
  pthread_setspecific(key, &key);
  return nullptr;
}

}  // namespace

int main() {
  pthread_key_create(&key, &allocate_and_come_again);
  std::thread([] { free(kept(malloc(1))); }).join();
  const HeapChange change;
  pthread_t thread = 0;
  pthread_create(&thread, nullptr, &end_with_both, nullptr);
  pthread_join(thread, nullptr);
  // libc notes the object's destructor in a block of its own, gone with the thread.
  change.expect("one for the object, four for the key", {5, 24 + 4 * 40, 10, 5});
  return result();
}
