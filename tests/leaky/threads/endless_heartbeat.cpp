// A thread that nobody tells to stop: the heartbeat of a connection goes on when the connection is gone.
#include <atomic>
#include <memory>
#include <thread>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
class Connection {
 public:
  Connection() : heartbeat_([stop = stop_] { stop->wait(false); }) {}  // leaks here
  ~Connection() {
    if constexpr (twin == Twin::fixed) {
      *stop_ = true;
      stop_->notify_one();
      heartbeat_.join();
    } else {
      heartbeat_.detach();
    }
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

 private:
  std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
  std::thread heartbeat_;
};

template <Twin twin>
void endless_heartbeat(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) {
    const Connection<twin> connection;
    benchmark::DoNotOptimize(connection);
  }
}
LEAKY_TWINS(endless_heartbeat, 100);

}  // namespace
}  // namespace leaky
