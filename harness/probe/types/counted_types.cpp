#include <sched.h>
#include <soak/counted_type.h>

#include <atomic>

namespace {

constinit std::atomic_flag lock;
constinit soak_counted_type* first = nullptr;

/// No reading happens in a signal handler, but one may come at the process's end: it does not wait forever.
bool try_lock() noexcept {
  for (int attempt = 0; attempt < 1'000'000; ++attempt) {
    if (!lock.test_and_set(std::memory_order_acquire)) return true;
    sched_yield();
  }
  return false;
}
void unlock() noexcept { lock.clear(std::memory_order_release); }

}  // namespace

extern "C" __attribute__((visibility("default"))) void soak_probe_add_type(soak_counted_type* type) {
  if (!try_lock()) return;
  type->index = -1;
  type->next = first;
  first = type;
  unlock();
}

extern "C" __attribute__((visibility("default"))) void soak_probe_visit_types(void (*visit)(soak_counted_type* type,
                                                                                            void* context),
                                                                              void* context) {
  if (!try_lock()) return;
  for (auto* type = first; type != nullptr; type = type->next) visit(type, context);
  unlock();
}

extern "C" __attribute__((visibility("default"))) void soak_probe_remove_type(soak_counted_type* type) {
  if (!try_lock()) return;
  for (auto** at = &first; *at != nullptr; at = &(*at)->next)
    if (*at == type) {
      *at = type->next;
      break;
    }
  unlock();
}
