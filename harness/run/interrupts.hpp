// Ctrl-C, and its likes, for as long as a run takes.
#pragma once

#include <atomic>

namespace soak::run {

/// While it lives, SIGINT, SIGTERM and SIGHUP end nothing by themselves: they are noted, also between two children.
/// One a process.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// True from the first signal on. Any thread may ask.
  [[nodiscard]] bool requested();
  /// Readable while there is a signal that requested() has not seen yet.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
  std::atomic<bool> requested_{false};
};

}  // namespace soak::run
