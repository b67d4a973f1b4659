// Fire and forget without pthread_detach: whoever does not join must detach.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

struct Mail {
  std::string text;
  std::atomic<pid_t>& sender;  ///< Set when the mail was sent.
};

void* send_mail(void* argument) {
  const std::unique_ptr<Mail> mail(static_cast<Mail*>(argument));
  benchmark::DoNotOptimize(mail->text);
  mail->sender = gettid();
  mail->sender.notify_one();
  return nullptr;
}

template <Twin twin>
void send_in_background(std::unique_ptr<Mail> mail) {
  pthread_t thread;
  if (pthread_create(&thread, nullptr, send_mail, mail.get()) != 0)  // leaks here
    throw std::runtime_error("cannot start a thread");
  mail.release();
  if constexpr (twin == Twin::fixed) pthread_detach(thread);
}

/// Nobody can wait for a detached thread; but it is over when the kernel has forgotten its number.
void watch_it_end(pid_t thread) {
  while (tgkill(getpid(), thread, 0) == 0) std::this_thread::yield();
}

template <Twin twin>
void undetached_thread(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) {
    std::atomic<pid_t> sender = 0;
    send_in_background<twin>(std::make_unique<Mail>(Mail{"your download is complete", sender}));
    sender.wait(0);
    watch_it_end(sender);
  }
}
LEAKY_TWINS(undetached_thread, 100);

}  // namespace
}  // namespace leaky
