#include "loopback_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace soak::series {
namespace {

constexpr nfds_t most_connections = 512;

// False: the client has closed.
bool answer(int connection) {
  char request[4096];
  if (read(connection, request, sizeof request) <= 0) return false;
  static constexpr char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  return write(connection, text, sizeof text - 1) > 0;
}

[[noreturn]] void serve(int listener) {
  pollfd polled[most_connections] = {{listener, POLLIN, 0}};
  nfds_t count = 1;
  while (poll(polled, count, -1) > 0) {
    for (auto i = count; i-- > 1;)
      if (polled[i].revents != 0 && !answer(polled[i].fd)) {
        close(polled[i].fd);
        polled[i] = polled[--count];
      }
    if (polled[0].revents != 0 && count < most_connections)
      polled[count++] = {accept(listener, nullptr, nullptr), POLLIN, 0};
  }
  _exit(1);
}

}  // namespace

LoopbackServer::LoopbackServer() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener, 64) != 0)
    std::abort();
  socklen_t size = sizeof address;
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  process_ = fork();
  if (process_ < 0) std::abort();
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    serve(listener);
  }
  close(listener);
}

LoopbackServer::~LoopbackServer() {
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

}  // namespace soak::series
