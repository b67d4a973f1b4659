// A web server for clients that are recorded: on any address of 127.0.0.0/8, of one port, it answers every request
// with two bytes and keeps connections open. It is a process of its own, so that what is recorded is the client's
// alone.
#pragma once

#include <sys/types.h>

namespace soak::series {

class LoopbackServer {
 public:
  LoopbackServer();   ///< Ends the program where it cannot be started.
  ~LoopbackServer();  ///< Ends the server.
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  [[nodiscard]] int port() const { return port_; }

 private:
  int port_ = 0;
  pid_t process_ = 0;
};

}  // namespace soak::series
