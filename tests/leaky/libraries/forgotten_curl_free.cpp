// A string that libcurl made and curl_free() must take back.
#include <curl/curl.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
std::string search_url(CURL* connection, const std::string& words) {
  char* const escaped = curl_easy_escape(connection, words.data(), static_cast<int>(words.size()));  // leaks here
  if (escaped == nullptr) throw std::runtime_error("curl cannot escape the words");
  auto url = std::string("https://media.example/search?q=") + escaped;
  if constexpr (twin == Twin::fixed) curl_free(escaped);
  return url;
}

template <Twin twin>
void forgotten_curl_free(benchmark::State& state) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> connection(curl_easy_init(), &curl_easy_cleanup);
  const std::string words = "grüße & küsse, live im Studio";
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(search_url<twin>(connection.get(), words));
}
LEAKY_TWINS(forgotten_curl_free, 1000);

}  // namespace
}  // namespace leaky
