// Signals of the runner itself: those that ask it to end, and what its parent left behind that would falsify a run.
#pragma once

#include <atomic>

namespace soak::process {

/// Undoes what this process inherited and cannot work with. To be called at the start of main, before any thread.
///
/// - No signal stays blocked. SIGCHLD gets its default action: if it is ignored, the kernel throws exit statuses
/// away,
///   and a program that fails would pass.
/// - SIGPIPE and SIGXFSZ are ignored: a write that fails is reported by its errno instead of ending the run.
/// - The umask leaves the owner's own permissions, so that the record can be written and read again.
void reset_inherited_state();

/// For a child, between fork and exec: nothing blocked, and default actions for what reset_inherited_state() ignores.
/// Async-signal-safe.
void restore_default_signals();

/// While it lives, SIGINT, SIGTERM and SIGHUP end nothing by themselves: they are noted, also between two children.
/// There can be one per process.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// True from the first signal on. Any thread may ask.
  [[nodiscard]] bool requested() { return count() > 0; }
  /// How many signals came so far: a second Ctrl-C is impatience. Any thread may ask.
  [[nodiscard]] int count();

 private:
  int descriptor_;
  std::atomic<int> count_{0};
};

}  // namespace soak::process
