// Listeners that are never removed: each dialog listens to the settings, and goes on doing so when it is closed.
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

class Settings {
 public:
  using Listener = std::function<void(const std::string&)>;
  using Subscription = std::list<Listener>::iterator;

  Subscription subscribe(Listener listener) { return listeners_.insert(listeners_.end(), std::move(listener)); }
  void unsubscribe(Subscription subscription) { listeners_.erase(subscription); }
  void change(const std::string& theme) {
    for (const auto& listener : listeners_) listener(theme);
  }

 private:
  std::list<Listener> listeners_;
};

struct Picture {
  char pixels[400];
};

template <Twin twin>
class Dialog {
 public:
  explicit Dialog(Settings& settings) : settings_(settings), preview_(std::make_shared<Picture>()) {  // leaks here
    subscription_ = settings_.subscribe([preview = preview_](const std::string& theme) { paint(*preview, theme); });
  }
  ~Dialog() {
    if constexpr (twin == Twin::fixed) settings_.unsubscribe(subscription_);
  }
  Dialog(const Dialog&) = delete;
  Dialog& operator=(const Dialog&) = delete;

 private:
  static void paint(Picture& preview, const std::string& theme) { preview.pixels[0] = theme.front(); }

  Settings& settings_;
  std::shared_ptr<Picture> preview_;
  Settings::Subscription subscription_;
};

template <Twin twin>
void event_listeners(benchmark::State& state) {
  Settings settings;
  for (auto _ : soak::checkpoints(state)) {
    const Dialog<twin> dialog(settings);
    settings.change("dark");
  }
}
LEAKY_TWINS(event_listeners, 1000);

}  // namespace
}  // namespace leaky
