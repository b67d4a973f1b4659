#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <downloads/server/byte_range.hpp>
#include <downloads/server/media_target.hpp>
#include <downloads/server/session.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace media {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr auto silence_limit = std::chrono::seconds(30);
constexpr std::size_t request_limit_bytes = 16 << 10;
constexpr std::size_t chunk_bytes = 16 << 10;
constexpr auto as_result =
    asio::as_tuple(asio::use_awaitable);  // Errors as values: a client that leaves is no exception.

using Request = http::request<http::empty_body>;
enum class Connection { stays_open, ends };

class Session {
 public:
  Session(asio::ip::tcp::socket socket, FaultScript& script) : stream_(std::move(socket)), script_(script) {}

  asio::awaitable<void> run();

 private:
  asio::awaitable<std::optional<Request>> read_request();
  asio::awaitable<Connection> answer(const Request& request);
  asio::awaitable<Connection> send_object(const Request& request, const MediaObject& object, Fault fault);
  asio::awaitable<bool> send_head(http::response<http::empty_body>& head);
  asio::awaitable<bool> send_content(const MediaObject& object, std::uint64_t first, std::uint64_t length);
  asio::awaitable<void> act_out(Fault fault);
  asio::awaitable<Connection> send_text(const Request& request, http::response<http::string_body> response);
  void reset();

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{request_limit_bytes};
  FaultScript& script_;
};

asio::awaitable<void> Session::run() {
  stream_.socket().set_option(asio::ip::tcp::no_delay(true));
  for (;;) {
    const auto request = co_await read_request();
    if (!request) co_return;
    const auto connection = co_await answer(*request);
    if (connection == Connection::ends) co_return;
  }
}

asio::awaitable<std::optional<Request>> Session::read_request() {
  http::request_parser<http::empty_body> parser;
  stream_.expires_after(silence_limit);
  const auto [error, bytes] = co_await http::async_read(stream_, buffer_, parser, as_result);
  if (error) co_return std::nullopt;
  co_return parser.release();
}

http::response<http::string_body> text_response(const Request& request, http::status status, std::string_view text) {
  http::response<http::string_body> response{status, request.version(), std::string(text)};
  response.set(http::field::content_type, "text/plain");
  return response;
}

asio::awaitable<Connection> Session::answer(const Request& request) {
  if (request.method() != http::verb::get && request.method() != http::verb::head)
    co_return co_await send_text(request, text_response(request, http::status::method_not_allowed, "GET or HEAD\n"));
  const std::string target(request.target());
  const auto media = parse_media_target(target);
  if (!media)
    co_return co_await send_text(request, text_response(request, http::status::not_found, "/media/<id>?size=N\n"));

  // Looking at an object is no attempt to fetch it.
  const auto fault = request.method() == http::verb::head ? Fault::none : script_.next(target, media->faults);
  if (fault != Fault::unavailable) co_return co_await send_object(request, media->object, fault);
  auto response = text_response(request, http::status::service_unavailable, "try again later\n");
  response.set(http::field::retry_after, fmt::to_string(media->retry_after_seconds));
  co_return co_await send_text(request, std::move(response));
}

/// A range counts only for the version of the object that the client has the rest of (If-Range, RFC 9110, 13.1.5).
ByteRange wanted_range(const Request& request, const std::string& tag, std::uint64_t size_bytes) {
  const auto condition = request[http::field::if_range];
  const bool applies = condition.empty() || condition == tag;
  return choose_byte_range(applies ? std::string_view(request[http::field::range]) : std::string_view(), size_bytes);
}

http::response<http::empty_body> object_head(const Request& request, const MediaObject& object) {
  const auto crc32 = object.crc32();
  http::response<http::empty_body> head{http::status::ok, request.version()};
  head.set(http::field::content_type, "application/octet-stream");
  head.set(http::field::accept_ranges, "bytes");
  head.set(http::field::etag, entity_tag(object, crc32));
  head.set("X-Checksum-CRC32", fmt::format("{:08x}", crc32));
  head.keep_alive(request.keep_alive());
  return head;
}

http::status status_of(ByteRange::Kind kind) {
  switch (kind) {
    case ByteRange::Kind::whole:
      return http::status::ok;
    case ByteRange::Kind::part:
      return http::status::partial_content;
    case ByteRange::Kind::unsatisfiable:
      return http::status::range_not_satisfiable;
  }
  return http::status::internal_server_error;
}

asio::awaitable<Connection> Session::send_object(const Request& request, const MediaObject& object, Fault fault) {
  auto head = object_head(request, object);
  const auto range = wanted_range(request, std::string(head[http::field::etag]), object.size_bytes);
  head.result(status_of(range.kind));
  if (range.kind != ByteRange::Kind::whole)
    head.set(http::field::content_range, content_range(range, object.size_bytes));
  head.content_length(range.length);  // What is promised; a fault sends less.

  if (!co_await send_head(head)) co_return Connection::ends;
  const bool head_only = request.method() == http::verb::head;
  const auto sent = head_only ? 0 : fault == Fault::none ? range.length : range.length / 2;
  if (!co_await send_content(object, range.first, sent)) co_return Connection::ends;
  if (fault != Fault::none) co_await act_out(fault);
  co_return fault == Fault::none&& request.keep_alive() ? Connection::stays_open : Connection::ends;
}

asio::awaitable<bool> Session::send_head(http::response<http::empty_body>& head) {
  http::response_serializer<http::empty_body> serializer(head);
  stream_.expires_after(silence_limit);
  const auto [error, bytes] = co_await http::async_write_header(stream_, serializer, as_result);
  co_return !error;
}

asio::awaitable<bool> Session::send_content(const MediaObject& object, std::uint64_t first, std::uint64_t length) {
  std::array<char, chunk_bytes> chunk;
  for (const auto end = first + length; first < end;) {
    const auto part = std::span(chunk).first(std::min<std::uint64_t>(chunk.size(), end - first));
    object.read(first, part);
    stream_.expires_after(silence_limit);
    const auto [error, bytes] =
        co_await asio::async_write(stream_, asio::buffer(part.data(), part.size()), as_result);
    if (error) co_return false;
    first += part.size();
  }
  co_return true;
}

asio::awaitable<void> Session::act_out(Fault fault) {
  if (fault == Fault::reset) reset();
  if (fault != Fault::stall) co_return;  // A truncated answer ends as the socket is closed.
  // The client has nothing to say: this ends when it leaves, or when its patience outlasts ours.
  std::array<char, 64> ignored;
  stream_.expires_after(silence_limit);
  co_await stream_.async_read_some(asio::buffer(ignored), as_result);
}

/// Closing with a linger time of zero sends RST in place of FIN (socket(7)).
void Session::reset() {
  beast::error_code ignored;
  stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
  stream_.socket().close(ignored);
}

asio::awaitable<Connection> Session::send_text(const Request& request, http::response<http::string_body> response) {
  response.keep_alive(request.keep_alive());
  response.prepare_payload();
  if (request.method() == http::verb::head) response.body().clear();
  stream_.expires_after(silence_limit);
  const auto [error, bytes] = co_await http::async_write(stream_, response, as_result);
  co_return error || !request.keep_alive() ? Connection::ends : Connection::stays_open;
}

}  // namespace

asio::awaitable<void> serve(asio::ip::tcp::socket socket, FaultScript& script) {
  Session session(std::move(socket), script);
  co_await session.run();
}

}  // namespace media
