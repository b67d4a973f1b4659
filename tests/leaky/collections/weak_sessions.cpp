// A list of weak_ptrs that is never swept: make_shared puts object and control block into one block, and the weak one
// keeps it.
#include <array>
#include <cstdint>
#include <list>
#include <memory>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

struct Session {
  std::uint64_t id;
  std::array<char, 240> receive_buffer{};
};

template <Twin twin>
class SessionList {
 public:
  std::shared_ptr<Session> open(std::uint64_t id) {
    if constexpr (twin == Twin::fixed) sessions_.remove_if([](const auto& session) { return session.expired(); });
    auto session = std::make_shared<Session>(Session{.id = id});  // leaks here
    sessions_.push_back(session);
    return session;
  }

 private:
  std::list<std::weak_ptr<Session>> sessions_;
};

template <Twin twin>
void weak_sessions(benchmark::State& state) {
  SessionList<twin> sessions;
  std::uint64_t id = 0;
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(*sessions.open(id++));
}
LEAKY_TWINS(weak_sessions, 1000);

}  // namespace
}  // namespace leaky
