#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/writable_pipe.hpp>
#include <boost/optional.hpp>
// Process v2 uses what it does not include: keep it behind the others.
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <downloads/media_server_process.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace downloads {
namespace {

namespace asio = boost::asio;
namespace process = boost::process::v2;

constexpr auto start_limit = std::chrono::seconds(10);
constexpr auto stop_limit = std::chrono::seconds(1);
constexpr std::string_view greeting = "listening on 127.0.0.1:";

/// Runs in the child before exec. Boost's own closing lets descriptors through, and a server that holds somebody's
/// pipe keeps its reader waiting.
struct CloseInheritedDescriptors {
  boost::system::error_code on_exec_setup(process::posix::default_launcher&, const std::filesystem::path&,
                                          const char* const*) const {
    ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    return {};
  }
};

std::optional<std::uint16_t> parse_greeting(std::string_view line) {
  if (!line.starts_with(greeting)) return std::nullopt;
  line.remove_prefix(greeting.size());
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), port);
  if (error != std::errc() || end == line.data() + line.size() || *end != '\n') return std::nullopt;
  return port;
}

}  // namespace

std::filesystem::path find_media_server() {
  const auto* named = std::getenv("SOAK_MEDIA_SERVER");
  const auto path = named != nullptr
                        ? std::filesystem::path(named)
                        : std::filesystem::read_symlink("/proc/self/exe").replace_filename("soak_media_server");
  if (::access(path.c_str(), X_OK) != 0)
    throw std::runtime_error("no media server at " + path.string() +
                             ": build the target soak_media_server, or name it in SOAK_MEDIA_SERVER");
  return path;
}

namespace {

/// Boost throws its error before anybody can wait for a child that could not exec, and leaves it a zombie.
process::process launch(asio::io_context& context, const std::filesystem::path& executable,
                        process::process_stdio streams) {
  boost::system::error_code error;
  process::posix::default_launcher launcher;
  auto child = launcher(context.get_executor(), error, executable, std::vector<std::string>{}, streams,
                        CloseInheritedDescriptors{});
  if (!error) return child;
  if (launcher.pid > 0) ::waitpid(launcher.pid, nullptr, 0);
  throw std::runtime_error("cannot start " + executable.string() + ": " + error.message());
}

}  // namespace

/// It stays in our process group, so that whoever ends the group of a scenario ends its server, too.
struct MediaServerProcess::Process {
  explicit Process(const std::filesystem::path& executable)
      : child(launch(context, executable, {.in = input, .out = output, .err = {}})) {}
  ~Process() { stop(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  std::uint16_t read_port();
  void stop() noexcept;

  asio::io_context context{1};
  asio::writable_pipe input{context};  ///< Open as long as the server shall live.
  asio::readable_pipe output{context};
  process::process child;
};

std::uint16_t MediaServerProcess::Process::read_port() {
  std::string line;
  asio::async_read_until(output, asio::dynamic_buffer(line, 256), '\n',
                         [](boost::system::error_code, std::size_t) {});
  context.run_for(start_limit);
  output.close();
  context.restart();
  context.poll();  // The reading ends before what it reads into.
  const auto port = parse_greeting(line);
  if (!port) throw std::runtime_error("the media server did not start; it said: '" + line + "'");
  return *port;
}

/// Asks it to end, which it does at the end of its input, then no longer asks.
void MediaServerProcess::Process::stop() noexcept try {
  boost::system::error_code ignored;
  input.close(ignored);
  bool ended = false;
  context.restart();
  child.async_wait([&ended](boost::system::error_code, int) { ended = true; });
  context.run_for(stop_limit);
  if (!ended) {
    child.terminate(ignored);
    child.wait(ignored);
  }
  child.detach();  // Its process id may belong to somebody else by now.
} catch (...) {
  // The destructor of `child` kills and waits.
}

MediaServerProcess::MediaServerProcess(const std::filesystem::path& executable)
    : process_(std::make_unique<Process>(executable)), port_(process_->read_port()) {}

MediaServerProcess::~MediaServerProcess() = default;

pid_t MediaServerProcess::pid() const noexcept { return process_->child.id(); }

std::string MediaServerProcess::url() const { return "http://127.0.0.1:" + std::to_string(port_); }

}  // namespace downloads
