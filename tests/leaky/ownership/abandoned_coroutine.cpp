// A coroutine that is suspended and never destroyed: the one who stops asking a generator must end it.
#include <array>
#include <coroutine>
#include <cstdint>
#include <exception>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

struct Pages {
  struct promise_type {
    std::uint64_t page = 0;

    Pages get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(std::uint64_t number) noexcept {
      page = number;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };

  std::coroutine_handle<promise_type> handle;
};

Pages pages_from(std::uint64_t first) {
  std::array<std::uint64_t, 16> window{};
  for (auto page = first;; ++page) {
    window[page % window.size()] = page;
    benchmark::DoNotOptimize(window);
    co_yield window[page % window.size()];
  }
  // The compiler allocates what is kept between two pages, and says in its debug information that it does so at the
  // end.
}  // leaks here

template <Twin twin>
std::uint64_t second_page_after(std::uint64_t first) {
  const auto pages = pages_from(first);
  pages.handle.resume();
  pages.handle.resume();
  const auto page = pages.handle.promise().page;
  if constexpr (twin == Twin::fixed) pages.handle.destroy();
  return page;
}

template <Twin twin>
void abandoned_coroutine(benchmark::State& state) {
  std::uint64_t first = 0;
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(second_page_after<twin>(first++));
}
LEAKY_TWINS(abandoned_coroutine, 1000);

}  // namespace
}  // namespace leaky
