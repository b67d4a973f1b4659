// A socket that is not closed when the connection is refused: the daemon is not there, and is asked again and again.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string_view>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

sockaddr_un daemon_address() {
  // In the abstract namespace, where nobody listens under this name.
  constexpr std::string_view name("\0soak-leaky-twins-no-such-daemon", 32);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name.data(), name.size());
  return address;
}

template <Twin twin>
bool notify_daemon() {
  const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);  // leaks here
  if (connection < 0) throw std::runtime_error("no socket");
  const auto address = daemon_address();
  if (connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    if constexpr (twin == Twin::fixed) close(connection);
    return false;
  }
  const bool sent = send(connection, "ready", 5, MSG_NOSIGNAL) == 5;
  close(connection);
  return sent;
}

template <Twin twin>
void refused_socket(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(notify_daemon<twin>());
}
LEAKY_TWINS(refused_socket, 100);

}  // namespace
}  // namespace leaky
