// Ctrl-C, and its likes, for as long as a run takes.
#pragma once

#include <atomic>

namespace soak::process {

/// While it lives, SIGINT, SIGTERM and SIGHUP end nothing by themselves: they are noted, also between two children.
/// One a process.
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
