// soak_media_server: an HTTP/1.1 server on a loopback port of its choosing, which it prints, and which misbehaves on
// request. It ends when its standard input does, so that it never outlives whoever started it.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <downloads/server/session.hpp>
#include <exception>
#include <system_error>
#include <tuple>
#include <utility>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr int max_sessions = 256;  // Beyond, connections are closed at once: memory stays bounded.
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

asio::awaitable<void> accept_clients(tcp::acceptor& acceptor, media::FaultScript& script) {
  int sessions = 0;
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(as_result);
    if (error || sessions == max_sessions) continue;
    ++sessions;
    asio::co_spawn(acceptor.get_executor(), media::serve(std::move(socket), script),
                   [&sessions](const std::exception_ptr&) { --sessions; });
  }
}

/// The other end of standard input is held by the parent alone: the kernel closes it however the parent ends.
asio::awaitable<void> stop_at_end_of_input(asio::io_context& context) {
  asio::posix::stream_descriptor input(context, ::dup(STDIN_FILENO));
  std::array<char, 64> ignored;
  for (boost::system::error_code failed; !failed;)
    std::tie(failed, std::ignore) = co_await input.async_read_some(asio::buffer(ignored), as_result);
  context.stop();
}

void run() {
  media::FaultScript script;
  asio::io_context context(1);
  tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  fmt::print("listening on 127.0.0.1:{}\n", acceptor.local_endpoint().port());
  if (std::fflush(stdout) != 0) throw std::system_error(errno, std::generic_category(), "standard output");

  asio::co_spawn(context, accept_clients(acceptor, script), asio::detached);
  asio::co_spawn(context, stop_at_end_of_input(context), asio::detached);
  context.run();
}

}  // namespace

int main() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // Should somebody else hold our input open.
  try {
    run();
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "soak_media_server: {}\n", error.what());
    return 3;
  }
}
