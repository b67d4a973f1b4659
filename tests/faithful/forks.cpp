// Children: by fork, by a raw clone, by vfork, by posix_spawn; from the main thread and from another. What a forked
// child does to its heap is not its parent's; the parent counts on.
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "heap_change.hpp"
#include "probe/probe.hpp"

using namespace faithful;

namespace {

int exit_status_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool has_region() {
  using Region = soak::layout::RegionHeader* (*)();
  const auto region = reinterpret_cast<Region>(dlsym(RTLD_DEFAULT, "soak_probe_region"));
  return region() != nullptr;
}

int allocate_a_lot() {
  for (int i = 0; i < 1000; ++i) *static_cast<char*>(kept(malloc(100))) = 1;
  std::thread([] { kept(malloc(100)); }).join();
  return has_region() ? 1 : 0;
}

template <typename Fork>
void leaves_the_parent_alone(const char* what, Fork make_child) {
  const HeapChange change;
  const pid_t child = make_child();
  if (child == 0) _exit(allocate_a_lot());
  expect(exit_status_of(child) == 0, what);
  change.expect(what, {0, 0, 0, 0});
  void* const block = kept(malloc(100));
  change.expect(what, {1, usable(block), 1, 0});
  free(block);
}

void grandchildren_do_neither() {
  leaves_the_parent_alone("fork of a fork", [] {
    const pid_t child = fork();
    if (child != 0) return child;
    const pid_t grandchild = fork();
    if (grandchild == 0) _exit(allocate_a_lot());
    _exit(exit_status_of(grandchild));
  });
}

void exit_in_a_child_is_not_ours() {
  const pid_t child = fork();
  if (child == 0) quick_exit(0);
  exit_status_of(child);
}

void thread_ends_in_a_child() {
  std::thread([] {
    free(kept(malloc(10)));
    const HeapChange change;
    const pid_t child = fork();
    if (child == 0) {
      atexit([] { _exit(0); });
      pthread_exit(nullptr);
    }
    exit_status_of(child);
    void* const block = kept(malloc(100));
    change.expect("a thread that ended in a child", {1, usable(block), 1, 0});
    free(block);
  }).join();
}

void vfork_shares_our_memory() {
  const HeapChange change;
  const pid_t child = vfork();
  if (child == 0) {
    free(kept(malloc(100)));
    _exit(7);
  }
  expect(exit_status_of(child) == 7, "the vfork child ran");
  change.expect("what a vfork child does is done to us", {0, 0, 1, 1});
}

void spawned() {
  pid_t child = 0;
  char name[] = "true";
  char* arguments[] = {name, nullptr};
  posix_spawnp(&child, name, nullptr, nullptr, arguments, environ);  // May keep what it allocates once.
  exit_status_of(child);
  const HeapChange change;
  expect(posix_spawnp(&child, name, nullptr, nullptr, arguments, environ) == 0, "spawned");
  expect(exit_status_of(child) == 0, "the spawned program ran");
  change.expect("posix_spawn", {0, 0, 0, 0});
}

}  // namespace

int main() {
  const auto raw_clone = [] { return static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0)); };
  leaves_the_parent_alone("fork", [] { return fork(); });
  leaves_the_parent_alone("raw clone", raw_clone);
  grandchildren_do_neither();
  exit_in_a_child_is_not_ours();
  thread_ends_in_a_child();
  vfork_shares_our_memory();
  spawned();
  std::thread([] { leaves_the_parent_alone("fork in a thread", [] { return fork(); }); }).join();
  expect(has_region(), "the parent still has its region");
  return result();
}
