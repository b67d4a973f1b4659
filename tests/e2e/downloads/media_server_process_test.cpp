#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <downloads/media_server_process.hpp>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace downloads {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

struct Pipe {
  static std::array<int, 2> make(int flags) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), flags) != 0) throw std::runtime_error("pipe");
    return ends;
  }
  explicit Pipe(int flags = O_CLOEXEC) : Pipe(make(flags)) {}
  explicit Pipe(std::array<int, 2> ends) : reader(ends[0]), writer(ends[1]) {}

  Descriptor reader, writer;
};

/// The end of any process, a child of ours or not; seen even where nobody has waited for it yet. One that does not
/// end is killed, so that a test that fails leaves nothing behind.
bool ends_in_time(const Descriptor& process) {
  constexpr int limit_ms = 10'000;
  pollfd end{process.number(), POLLIN, 0};
  if (::poll(&end, 1, limit_ms) == 1) return true;
  ::syscall(SYS_pidfd_send_signal, process.number(), SIGKILL, nullptr, 0);
  return false;
}

Descriptor open_process(pid_t pid) { return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

bool exists(pid_t pid) { return ::kill(pid, 0) == 0; }

/// For as long as it lives, grandchildren whose parent has ended become our children: the test can wait for them.
struct Subreaper {
  Subreaper() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }
  ~Subreaper() { ::prctl(PR_SET_CHILD_SUBREAPER, 0); }
};

int wait_for(pid_t pid) {
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return status;
}

TEST(MediaServerProcess, ListensOnAPortOfItsOwn) {
  const MediaServerProcess one;
  const MediaServerProcess other;
  EXPECT_NE(one.port(), 0);
  EXPECT_NE(one.port(), other.port());
  EXPECT_EQ(one.url(), "http://127.0.0.1:" + std::to_string(one.port()));
}

TEST(MediaServerProcess, IsGoneAfterItsDestructor) {
  pid_t pid = 0;
  {
    const MediaServerProcess server;
    pid = server.pid();
    EXPECT_TRUE(exists(pid));
  }
  EXPECT_FALSE(exists(pid));
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "no child is left, not even a zombie";
  EXPECT_EQ(errno, ECHILD);
}

TEST(MediaServerProcess, IsEndedEvenWhereItDoesNotAnswer) {
  pid_t pid = 0;
  {
    const MediaServerProcess server;
    pid = server.pid();
    ::kill(pid, SIGSTOP);
  }
  EXPECT_FALSE(exists(pid));
}

TEST(MediaServerProcess, MayHaveEndedBefore) {
  const MediaServerProcess server;
  const auto process = open_process(server.pid());
  ::kill(server.pid(), SIGKILL);
  EXPECT_TRUE(ends_in_time(process));
}

TEST(MediaServerProcess, InheritsNoDescriptor) {
  const Pipe ours(0);
  struct stat pipe {};
  ASSERT_EQ(::fstat(ours.writer.number(), &pipe), 0);
  const MediaServerProcess server;
  for (const auto& descriptor :
       std::filesystem::directory_iterator("/proc/" + std::to_string(server.pid()) + "/fd")) {
    struct stat other {};
    ASSERT_EQ(::stat(descriptor.path().c_str(), &other), 0);
    EXPECT_NE(other.st_ino, pipe.st_ino) << descriptor.path();
  }
}

TEST(MediaServerProcess, SaysWhatIsMissing) {
  try {
    const MediaServerProcess server("/no/such/server");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "cannot start /no/such/server: No such file or directory");
  }
  try {
    const MediaServerProcess server("/bin/true");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("did not start"));
  }
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "no zombie, either";
}

TEST(FindMediaServer, TakesTheEnvironmentAtItsWord) {
  const char* before = std::getenv("SOAK_MEDIA_SERVER");
  const std::string restored = before != nullptr ? before : "";
  ::setenv("SOAK_MEDIA_SERVER", "/bin/true", 1);
  EXPECT_EQ(find_media_server(), "/bin/true");
  ::setenv("SOAK_MEDIA_SERVER", "/no/such/server", 1);
  EXPECT_THROW((void)find_media_server(), std::runtime_error);
  ::unsetenv("SOAK_MEDIA_SERVER");
  EXPECT_EQ(find_media_server(), std::filesystem::read_symlink("/proc/self/exe").parent_path() / "soak_media_server");
  if (before != nullptr) ::setenv("SOAK_MEDIA_SERVER", restored.c_str(), 1);
}

TEST(MediaServer, EndsInOrderWhenItsParentIsKilled) {
  const Subreaper subreaper;
  const Pipe pid_pipe;
  const auto parent = ::fork();
  if (parent == 0) {
    const MediaServerProcess server;
    const auto pid = server.pid();
    if (::write(pid_pipe.writer.number(), &pid, sizeof pid) != sizeof pid) ::_exit(1);
    for (;;) ::pause();
  }
  pid_t server = 0;
  ASSERT_EQ(::read(pid_pipe.reader.number(), &server, sizeof server), static_cast<ssize_t>(sizeof server));
  const auto process = open_process(server);
  ASSERT_GE(process.number(), 0);
  ::kill(parent, SIGKILL);
  wait_for(parent);
  ASSERT_TRUE(ends_in_time(process));
  wait_for(server);
}

/// Starts a server by hand, with `input` as its standard input, and waits until it listens.
pid_t start_server(const Descriptor& input) {
  const auto executable = find_media_server();
  Pipe output;
  const auto pid = ::fork();
  if (pid == 0) {
    ::dup2(input.number(), STDIN_FILENO);
    ::dup2(output.writer.number(), STDOUT_FILENO);
    ::execl(executable.c_str(), executable.c_str(), nullptr);
    ::_exit(127);
  }
  char letter = 0;
  while (::read(output.reader.number(), &letter, 1) == 1 && letter != '\n') {
  }
  return pid;
}

TEST(MediaServer, EndsWithItsStandardInput) {
  Pipe input;
  const auto pid = start_server(input.reader);
  const auto process = open_process(pid);
  EXPECT_EQ(::write(input.writer.number(), "ignored", 7), 7);
  input.writer.close();
  ASSERT_TRUE(ends_in_time(process));
  EXPECT_EQ(wait_for(pid), 0) << "an orderly end";
}

TEST(MediaServer, EndsWithItsParentWhileAnotherHoldsItsInputOpen) {
  const Subreaper subreaper;
  const Pipe input;  // We hold the writing end, so the server's input does not end.
  const Pipe pid_pipe;
  const auto parent = ::fork();
  if (parent == 0) {
    const auto pid = start_server(input.reader);
    if (::write(pid_pipe.writer.number(), &pid, sizeof pid) != sizeof pid) ::_exit(1);
    for (;;) ::pause();
  }
  pid_t server = 0;
  ASSERT_EQ(::read(pid_pipe.reader.number(), &server, sizeof server), static_cast<ssize_t>(sizeof server));
  const auto process = open_process(server);
  ::kill(parent, SIGKILL);
  wait_for(parent);
  ASSERT_TRUE(ends_in_time(process));
  EXPECT_TRUE(WIFSIGNALED(wait_for(server)));
}

}  // namespace
}  // namespace downloads
