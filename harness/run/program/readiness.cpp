#include "run/program/readiness.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <regex>
#include <system_error>

#include "base/user_error.hpp"

namespace soak::run {
namespace {

constexpr int answer_timeout_ms = 1000;
constexpr std::size_t most_line_bytes = 64 << 10;

class Socket {
 public:
  Socket() : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "socket");
  }
  ~Socket() { close(descriptor_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

bool connect_to(const Socket& socket, int port) {
  const auto address = loopback(port);
  return connect(socket.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

/// The status of the answer to GET; 0 where there is none in time.
int http_status(int port, const std::string& path) {
  const Socket socket;
  if (!connect_to(socket, port)) return 0;
  const auto request = fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", path, port);
  if (send(socket.descriptor(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return 0;
  pollfd waiting{socket.descriptor(), POLLIN, 0};
  char answer[16] = {};
  if (poll(&waiting, 1, answer_timeout_ms) != 1 || recv(socket.descriptor(), answer, sizeof(answer) - 1, 0) < 12)
    return 0;
  int status = 0;
  std::from_chars(answer + 9, answer + 12, status);  // "HTTP/1.1 200"
  return status;
}

int port_in(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && port > 0 && port < 65536 ? port : 0;
}

}  // namespace

int free_port() {
  const Socket socket;
  auto address = loopback(0);
  socklen_t size = sizeof(address);
  if (bind(socket.descriptor(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      getsockname(socket.descriptor(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::system_error(errno, std::generic_category(), "no free port");
  return ntohs(address.sin_port);
}

bool is_listening(int port) {
  const Socket socket;
  return connect_to(socket, port);
}

struct Readiness::State {
  enum class Kind { at_once, tcp, http, log } kind = Kind::at_once;
  int port = 0;
  std::string path, pattern;
  std::regex line;
  std::string unfinished_line;
  bool line_seen = false;
};

Readiness::Readiness(const std::string& text) : state_(std::make_unique<State>()) {
  using Kind = State::Kind;
  auto& state = *state_;
  if (text.starts_with("tcp:")) {
    state.kind = Kind::tcp;
    state.port = port_in(std::string_view(text).substr(4));
  } else if (text.starts_with("log:")) {
    state.kind = Kind::log;
    state.pattern = text.substr(4);
    state.line = std::regex(state.pattern, std::regex_constants::extended);
  } else if (text.starts_with("http://")) {
    state.kind = Kind::http;
    const auto rest = text.substr(7);
    const auto slash = std::min(rest.find('/'), rest.size());
    const auto host = rest.substr(0, slash);
    const auto colon = host.find(':');
    state.port = colon == std::string::npos ? 80 : port_in(std::string_view(host).substr(colon + 1));
    state.path = slash == rest.size() ? "/" : rest.substr(slash);
    if (const auto name = host.substr(0, colon); name != "127.0.0.1" && name != "localhost") state.port = 0;
  }
  if ((state.kind == Kind::tcp || state.kind == Kind::http) && state.port == 0)
    throw UserError(
        fmt::format("ready \"{}\": names no port of 127.0.0.1; write {}", text,
                    state.kind == State::Kind::http ? "http://127.0.0.1:{port}/" : "tcp:{port} or tcp:8080"));
}

Readiness::~Readiness() = default;

void Readiness::take_output(std::string_view text) {
  auto& state = *state_;
  if (state.kind != State::Kind::log || state.line_seen) return;
  state.unfinished_line.append(text);
  for (auto end = state.unfinished_line.find('\n'); end != std::string::npos;
       end = state.unfinished_line.find('\n')) {
    if (std::regex_search(state.unfinished_line.substr(0, std::min(end, most_line_bytes)), state.line))
      state.line_seen = true;
    state.unfinished_line.erase(0, end + 1);
  }
  if (state.unfinished_line.size() > most_line_bytes) state.unfinished_line.clear();
}

bool Readiness::check() {
  auto& state = *state_;
  switch (state.kind) {
    case State::Kind::tcp:
      return is_listening(state.port);
    case State::Kind::http: {
      const int status = http_status(state.port, state.path);
      return status >= 100 && status < 500;
    }
    case State::Kind::log:
      return state.line_seen;
    case State::Kind::at_once:
      break;
  }
  return true;
}

std::string Readiness::what_is_missing() const {
  const auto& state = *state_;
  if (state.kind == State::Kind::tcp) return fmt::format("nothing listened on port {}", state.port);
  if (state.kind == State::Kind::http) return fmt::format("port {} gave no answer to GET {}", state.port, state.path);
  return fmt::format("it printed no line that matches \"{}\"", state.pattern);
}

int Readiness::port() const { return state_->port; }

}  // namespace soak::run
