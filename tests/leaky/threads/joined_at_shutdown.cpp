// Workers that are joined, but only at shutdown: a server that runs for a month keeps each one's stack for a month.
#include <atomic>
#include <thread>
#include <vector>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
class Server {
 public:
  ~Server() { join_all(); }

  void serve() {
    const int before = served_;
    workers_.emplace_back(&Server::answer, this);  // leaks here
    served_.wait(before);
    if constexpr (twin == Twin::fixed) join_all();
  }

 private:
  void answer() {
    ++served_;
    served_.notify_one();
  }
  void join_all() {
    for (auto& worker : workers_) worker.join();
    workers_.clear();
  }

  std::atomic<int> served_{0};
  std::vector<std::thread> workers_;
};

template <Twin twin>
void joined_at_shutdown(benchmark::State& state) {
  Server<twin> server;
  for (auto _ : soak::checkpoints(state)) server.serve();
}
LEAKY_TWINS(joined_at_shutdown, 100);

}  // namespace
}  // namespace leaky
