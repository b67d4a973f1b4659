// Descriptors of sockets, and those that come through them.
#include <string.h>
#include <sys/socket.h>

#include "probe/resources/descriptor_hooks.hpp"

namespace {

using soak::probe::Registers;

/// SCM_RIGHTS (unix(7)): descriptors that another process passed on.
void opened_by_message(msghdr* message, const Registers& caller) noexcept {
  for (auto* part = CMSG_FIRSTHDR(message); part != nullptr; part = CMSG_NXTHDR(message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const auto* const data = CMSG_DATA(part);
    const auto bytes = part->cmsg_len - static_cast<std::size_t>(data - reinterpret_cast<unsigned char*>(part));
    for (std::size_t at = 0; at + sizeof(int) <= bytes; at += sizeof(int)) {
      int descriptor = -1;
      memcpy(&descriptor, data + at, sizeof(descriptor));
      soak::probe::opened(descriptor, caller);
    }
  }
}

}  // namespace

SOAK_OPENS(socket, (int domain, int type, int protocol), (domain, type, protocol))
SOAK_OPENS_PAIR(socketpair, (int domain, int type, int protocol, int pair[2]), (domain, type, protocol, pair))
SOAK_OPENS(accept, (int listener, sockaddr* address, socklen_t* bytes), (listener, address, bytes))
SOAK_OPENS(accept4, (int listener, sockaddr* address, socklen_t* bytes, int flags), (listener, address, bytes, flags))

SOAK_NEXT(ssize_t(int, msghdr*, int), recvmsg)
SOAK_HOOK ssize_t recvmsg(int socket, msghdr* message, int flags) {
  const auto caller = SOAK_CALLER_REGISTERS();
  const auto got = (*next_recvmsg)(socket, message, flags);
  if (got >= 0 && soak::probe::attached.sites != nullptr) opened_by_message(message, caller);
  return got;
}

SOAK_NEXT(int(int, mmsghdr*, unsigned, int, timespec*), recvmmsg)
SOAK_HOOK int recvmmsg(int socket, mmsghdr* messages, unsigned count, int flags, timespec* timeout) {
  const auto caller = SOAK_CALLER_REGISTERS();
  const int got = (*next_recvmmsg)(socket, messages, count, flags, timeout);
  if (soak::probe::attached.sites != nullptr)
    for (int i = 0; i < got; ++i) opened_by_message(&messages[i].msg_hdr, caller);
  return got;
}
