#include "process/signals.hpp"

#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace soak::process {
namespace {

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

void unblock_all_signals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace

void reset_inherited_state() {
  std::signal(SIGCHLD, SIG_DFL);
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
  unblock_all_signals();
  const auto inherited = umask(0);
  umask(inherited & ~static_cast<mode_t>(S_IRWXU));
}

void restore_default_signals() {
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_DFL);
  unblock_all_signals();
}

Interrupts::Interrupts() {
  const auto signals = ending_signals();
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  descriptor_ = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

Interrupts::~Interrupts() {
  static_cast<void>(count());  // what came too late to matter is not delivered after all
  close(descriptor_);
  const auto signals = ending_signals();
  sigprocmask(SIG_UNBLOCK, &signals, nullptr);
}

int Interrupts::count() {
  signalfd_siginfo signal{};
  while (read(descriptor_, &signal, sizeof(signal)) == sizeof(signal)) ++count_;
  return count_;
}

}  // namespace soak::process
