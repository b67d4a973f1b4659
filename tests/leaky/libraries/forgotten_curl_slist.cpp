// A forgotten curl_slist_free_all: the headers of each request.
#include <curl/curl.h>

#include <memory>
#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

curl_slist* json_headers() {
  curl_slist* headers = nullptr;
  for (const char* header : {"Accept: application/json", "Accept-Language: en", "X-Client: soak"})
    headers = curl_slist_append(headers, header);  // leaks here
  return headers;
}

template <Twin twin>
void prepare_request(CURL* connection) {
  curl_slist* const headers = json_headers();
  if (curl_easy_setopt(connection, CURLOPT_HTTPHEADER, headers) != CURLE_OK)
    throw std::runtime_error("curl refuses the headers");
  // The transfer would be here.
  curl_easy_setopt(connection, CURLOPT_HTTPHEADER, nullptr);
  if constexpr (twin == Twin::fixed) curl_slist_free_all(headers);
}

template <Twin twin>
void forgotten_curl_slist(benchmark::State& state) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> connection(curl_easy_init(), &curl_easy_cleanup);
  for (auto _ : soak::checkpoints(state)) prepare_request<twin>(connection.get());
}
LEAKY_TWINS(forgotten_curl_slist, 1000);

}  // namespace
}  // namespace leaky
