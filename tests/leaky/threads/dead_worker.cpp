// A thread pool whose queue grows: the first job that throws ends the worker, and nobody takes jobs any more.
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

using Job = std::function<void()>;

/// One worker; the rest of the pool would die as it does.
template <Twin twin>
class Pool {
 public:
  ~Pool() {
    submit(nullptr);
    worker_.join();
  }

  void submit(Job job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));  // leaks here
    changed_.notify_all();
  }
  /// Until there is nothing to do, or nobody to do it.
  void settle() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || (jobs_.empty() && !busy_); });
  }

 private:
  /// The next job, out of the queue; an empty one ends the worker.
  Job next() {
    std::unique_lock lock(mutex_);
    busy_ = false;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !jobs_.empty(); });
    busy_ = true;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
  }
  void work() {
    try {
      while (const Job job = next()) run(job);
    } catch (const std::exception&) {
      // "Must not happen": the worker ends without a word.
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  static void run(const Job& job) {
    if constexpr (twin == Twin::fixed) {
      try {
        job();
      } catch (const std::exception&) {
        // This job failed; the next may not.
      }
    } else {
      job();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Job> jobs_;
  bool busy_ = false;
  bool ended_ = false;
  std::thread worker_{[this] { work(); }};
};

template <Twin twin>
void dead_worker(benchmark::State& state) {
  Pool<twin> pool;
  std::uint64_t number = 0;
  for (auto _ : soak::checkpoints(state)) {
    pool.submit([id = ++number] {
      if (id % 50 == 0) throw std::runtime_error("this picture cannot be decoded");
    });
    pool.settle();
  }
}
LEAKY_TWINS(dead_worker, 1000);

}  // namespace
}  // namespace leaky
