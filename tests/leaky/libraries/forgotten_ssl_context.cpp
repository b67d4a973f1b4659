// An SSL_CTX for each connection, freed by nobody.
#include <openssl/ssl.h>

#include <memory>
#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

template <Twin twin>
Session make_session() {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());  // leaks here
  if (context == nullptr) throw std::runtime_error("no TLS");
  Session session(SSL_new(context), &SSL_free);
  // The session holds a reference of its own.
  if constexpr (twin == Twin::fixed) SSL_CTX_free(context);
  return session;
}

template <Twin twin>
void forgotten_ssl_context(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(make_session<twin>());
}
LEAKY_TWINS(forgotten_ssl_context, 200);

}  // namespace
}  // namespace leaky
