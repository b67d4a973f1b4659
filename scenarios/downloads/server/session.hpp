// One client connection, from its first request to its last.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <downloads/server/fault_script.hpp>

namespace media {

/// Answers requests until the client leaves, is silent for 30 s, or a fault ends the connection. Holds at most 16 KiB
/// of request and 16 KiB of content. `script` outlives it; all sessions run on one thread.
[[nodiscard]] boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket, FaultScript& script);

}  // namespace media
