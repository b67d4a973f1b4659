// curl_easy_cleanup is skipped where an option is refused.
#include <curl/curl.h>

#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
bool start_transfer(const char* protocols) {
  CURL* const transfer = curl_easy_init();  // leaks here
  if (transfer == nullptr) throw std::runtime_error("no curl handle");
  if (curl_easy_setopt(transfer, CURLOPT_PROTOCOLS_STR, protocols) != CURLE_OK) {
    if constexpr (twin == Twin::fixed) curl_easy_cleanup(transfer);
    return false;
  }
  curl_easy_cleanup(transfer);
  return true;
}

template <Twin twin>
void forgotten_curl_handle(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(start_transfer<twin>("carrier-pigeon"));
}
LEAKY_TWINS(forgotten_curl_handle, 300);

}  // namespace
}  // namespace leaky
