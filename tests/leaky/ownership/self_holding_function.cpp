// A std::function that holds itself: the retry callback captures the shared_ptr that owns it.
#include <functional>
#include <memory>
#include <string>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

using Callback = std::function<void(int attempt)>;

struct Request {
  std::string url;
  std::string user_agent;
  std::string referrer;
};

/// Holds the callback strongly, and with it the callback itself, or weakly.
template <Twin twin>
auto held_by_itself(const std::shared_ptr<Callback>& callback) {
  if constexpr (twin == Twin::fixed)
    return std::weak_ptr<Callback>(callback);
  else
    return callback;
}

template <typename Held>
void call_again(const Held& held, int attempt) {
  if (const std::shared_ptr<Callback> callback(held); *callback) (*callback)(attempt);
}

template <Twin twin>
int attempts_until_success(const Request& request) {
  int attempts = 0;
  const auto retry = std::make_shared<Callback>();
  *retry = [self = held_by_itself<twin>(retry), request, &attempts](int attempt) {  // leaks here
    attempts = attempt;
    if (attempt < 3 && !request.url.empty()) call_again(self, attempt + 1);
  };
  (*retry)(1);
  return attempts;
}

template <Twin twin>
void self_holding_function(benchmark::State& state) {
  const Request request{
      .url = "https://media.example/playlists/latest?page=1", .user_agent = "soak", .referrer = "/"};
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(attempts_until_success<twin>(request));
}
LEAKY_TWINS(self_holding_function, 1000);

}  // namespace
}  // namespace leaky
