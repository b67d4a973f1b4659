#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "own_resources.hpp"

namespace soak::probe {
namespace {

std::int64_t live() { return known_resources(layout::SiteKind::descriptor).live(); }

using Descriptors = std::vector<int>;

Descriptors temporary(int (*make)(char*)) {
  char pattern[] = "/tmp/soak_descriptorsXXXXXX";
  const int descriptor = make(pattern);
  unlink(pattern);
  return {descriptor};
}

Descriptors pair_of(int (*make)(int*)) {
  int pair[2] = {-1, -1};
  EXPECT_EQ(make(pair), 0);
  return {pair[0], pair[1]};
}

/// A socket that listens, one that has connected, and what was accepted.
Descriptors accepted(int (*accept_one)(int)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;  // Linux gives it an abstract name.
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
  socklen_t bytes = sizeof(sa_family_t);
  EXPECT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), bytes), 0);
  bytes = sizeof(address);
  EXPECT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &bytes), 0);
  EXPECT_EQ(listen(listener, 1), 0);
  EXPECT_EQ(connect(client, reinterpret_cast<sockaddr*>(&address), bytes), 0);
  return {listener, client, accept_one(listener)};
}

/// Two ends of a socket, and standard output received through it.
Descriptors received() {
  int pair[2];
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  char byte = 'x';
  iovec data{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  auto* const part = CMSG_FIRSTHDR(&message);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN(sizeof(int));
  const int sent = STDOUT_FILENO;
  std::memcpy(CMSG_DATA(part), &sent, sizeof(sent));
  EXPECT_EQ(sendmsg(pair[0], &message, 0), 1);
  EXPECT_EQ(recvmsg(pair[1], &message, 0), 1);
  int got = -1;
  std::memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(got));
  return {pair[0], pair[1], got};
}

struct OpenCase {
  const char* name;
  std::function<Descriptors()> open;
};

const std::vector<OpenCase> open_cases = {
    {"open", [] { return Descriptors{open("/dev/null", O_RDONLY)}; }},
    {"open64", [] { return Descriptors{open64("/dev/null", O_RDONLY)}; }},
    {"openat", [] { return Descriptors{openat(AT_FDCWD, "/dev/null", O_RDONLY)}; }},
    {"openat64", [] { return Descriptors{openat64(AT_FDCWD, "/dev/null", O_RDONLY)}; }},
    {"a file without a name", [] { return Descriptors{open("/tmp", O_TMPFILE | O_RDWR, 0600)}; }},
    {"creat", [] { return Descriptors{creat("/dev/null", 0600)}; }},
    {"mkstemp", [] { return temporary([](char* pattern) { return mkstemp(pattern); }); }},
    {"mkostemp", [] { return temporary([](char* pattern) { return mkostemp(pattern, O_CLOEXEC); }); }},
    {"mkstemps", [] { return temporary([](char* pattern) { return mkstemps(pattern, 0); }); }},
    {"mkostemps", [] { return temporary([](char* pattern) { return mkostemps(pattern, 0, O_CLOEXEC); }); }},
    {"memfd_create", [] { return Descriptors{memfd_create("test", 0)}; }},
    {"posix_openpt", [] { return Descriptors{posix_openpt(O_RDWR | O_NOCTTY)}; }},
    {"socket", [] { return Descriptors{socket(AF_UNIX, SOCK_DGRAM, 0)}; }},
    {"socketpair", [] { return pair_of([](int* pair) { return socketpair(AF_UNIX, SOCK_STREAM, 0, pair); }); }},
    {"accept", [] { return accepted([](int listener) { return accept(listener, nullptr, nullptr); }); }},
    {"accept4", [] { return accepted([](int listener) { return accept4(listener, nullptr, nullptr, 0); }); }},
    {"recvmsg", received},
    {"pipe", [] { return pair_of([](int* pair) { return pipe(pair); }); }},
    {"pipe2", [] { return pair_of([](int* pair) { return pipe2(pair, O_CLOEXEC); }); }},
    {"dup", [] { return Descriptors{dup(0)}; }},
    {"dup2", [] { return Descriptors{dup2(0, 500)}; }},
    {"dup3", [] { return Descriptors{dup3(0, 501, O_CLOEXEC)}; }},
    {"F_DUPFD", [] { return Descriptors{fcntl(0, F_DUPFD, 502)}; }},
    {"F_DUPFD_CLOEXEC", [] { return Descriptors{fcntl(0, F_DUPFD_CLOEXEC, 502)}; }},
    {"eventfd", [] { return Descriptors{eventfd(0, 0)}; }},
    {"epoll_create", [] { return Descriptors{epoll_create(1)}; }},
    {"epoll_create1", [] { return Descriptors{epoll_create1(0)}; }},
    {"timerfd_create", [] { return Descriptors{timerfd_create(CLOCK_MONOTONIC, 0)}; }},
    {"inotify_init", [] { return Descriptors{inotify_init()}; }},
    {"inotify_init1", [] { return Descriptors{inotify_init1(0)}; }},
    {"signalfd",
     [] {
       sigset_t none;
       sigemptyset(&none);
       const int descriptor = signalfd(-1, &none, 0);
       EXPECT_EQ(signalfd(descriptor, &none, 0), descriptor) << "the same one";
       return Descriptors{descriptor};
     }},
};

TEST(DescriptorsByCallSite, AreThoseThatAreOpen) {
  for (const auto& [name, open] : open_cases) {
    const auto before = live();
    const auto descriptors = open();
    for (const int descriptor : descriptors) EXPECT_GE(descriptor, 0) << name;
    EXPECT_EQ(live() - before, static_cast<std::int64_t>(descriptors.size())) << name;
    for (const int descriptor : descriptors) close(descriptor);
    EXPECT_EQ(live(), before) << name;
  }
}

TEST(DescriptorsByCallSite, OfStreamsAndFoldersAreThoseThatAreOpen) {
  const auto before = live();
  auto* const file = std::fopen("/dev/null", "r");
  EXPECT_EQ(live() - before, 1) << "fopen";
  EXPECT_EQ(std::freopen("/dev/zero", "r", file), file);
  EXPECT_EQ(live() - before, 1) << "freopen";
  EXPECT_EQ(std::fclose(file), 0);
  auto* const nameless = std::tmpfile();
  EXPECT_EQ(live() - before, 1) << "tmpfile";
  EXPECT_EQ(std::fclose(nameless), 0);
  auto* const folder = opendir("/");
  EXPECT_EQ(live() - before, 1) << "opendir";
  EXPECT_EQ(closedir(folder), 0);
  auto* const command = popen("true", "r");
  EXPECT_EQ(live() - before, 1) << "popen";
  EXPECT_EQ(pclose(command), 0);
  auto* const opened_before = fdopen(open("/dev/null", O_RDONLY), "r");
  EXPECT_EQ(live() - before, 1) << "fdopen opens none";
  EXPECT_EQ(std::fclose(opened_before), 0);
  {
    const std::ifstream stream("/dev/null");
    EXPECT_EQ(live() - before, 1) << "std::ifstream";
  }
  char buffer[10];
  auto* const memory = fmemopen(buffer, sizeof(buffer), "w");
  EXPECT_EQ(live(), before) << "a stream without a descriptor";
  EXPECT_EQ(std::fclose(memory), 0);
  EXPECT_EQ(live(), before);
}

TEST(DescriptorsByCallSite, FailuresOpenNothingAndKeepErrno) {
  const auto before = known_resources(layout::SiteKind::descriptor).made;
  errno = 0;
  EXPECT_EQ(open("/none/such", O_RDONLY), -1);
  EXPECT_EQ(errno, ENOENT);
  EXPECT_EQ(std::fopen("/none/such", "r"), nullptr);
  EXPECT_EQ(errno, ENOENT);
  EXPECT_EQ(close(-1), -1);
  EXPECT_EQ(errno, EBADF);
  EXPECT_EQ(dup2(12345, 12346), -1);
  EXPECT_EQ(errno, EBADF);
  EXPECT_EQ(fcntl(0, F_GETFD), 0);
  EXPECT_EQ(known_resources(layout::SiteKind::descriptor).made, before);
}

TEST(DescriptorsByCallSite, SuccessKeepsErrno) {
  errno = 99;
  const int descriptor = open("/dev/null", O_RDONLY);
  EXPECT_EQ(errno, 99);
  close_range(static_cast<unsigned>(descriptor), static_cast<unsigned>(descriptor), 0);
  EXPECT_EQ(errno, 99);
}

__attribute__((noinline, noclone)) int open_here() {
  const int descriptor = open("/dev/null", O_RDONLY);
  asm volatile("" : : "r"(descriptor) : "memory");
  return descriptor;
}

TEST(DescriptorsByCallSite, GoToTheFunctionThatOpensThem) {
  const auto here = [] {
    return made_in(reinterpret_cast<const void*>(&open_here), layout::SiteKind::descriptor, 64).live();
  };
  const auto before = here();
  std::vector<int> descriptors;
  for (int i = 0; i < 100; ++i) descriptors.push_back(open_here());
  EXPECT_EQ(here() - before, 100);
  std::thread([&] { close(descriptors.back()); }).join();
  EXPECT_EQ(here() - before, 99) << "closed by another thread";
  descriptors.pop_back();
  for (const int descriptor : descriptors) close(descriptor);
  EXPECT_EQ(here(), before);
}

TEST(DescriptorsByCallSite, DupOverAnOpenOneClosesThat) {
  const auto here = [] {
    return made_in(reinterpret_cast<const void*>(&open_here), layout::SiteKind::descriptor, 64).live();
  };
  const auto before = here();
  const int descriptor = open_here();
  EXPECT_EQ(dup2(descriptor, descriptor), descriptor);
  EXPECT_EQ(here() - before, 1) << "over itself: nothing";
  EXPECT_EQ(dup2(0, descriptor), descriptor);
  EXPECT_EQ(here(), before);
  close(descriptor);
}

TEST(DescriptorsByCallSite, ClosedBehindOurBackAreGoneAtTheNextReadingOrWhenTheNumberComesBack) {
  const auto before = live();
  const int descriptor = open_here();
  syscall(SYS_close, descriptor);
  EXPECT_EQ(live() - before, 1) << "not seen yet";
  settle();
  EXPECT_EQ(live(), before);
  const int again = open_here();
  syscall(SYS_close, again);
  EXPECT_EQ(open_here(), again);
  EXPECT_EQ(live() - before, 1);
  close(again);
}

TEST(DescriptorsByCallSite, CloseRangeClosesThoseInIt) {
  const auto before = live();
  int numbers[5];
  for (int i = 0; i < 5; ++i) numbers[i] = fcntl(0, F_DUPFD, 700 + i);
  EXPECT_EQ(close_range(701, 703, CLOSE_RANGE_CLOEXEC), 0);
  EXPECT_EQ(live() - before, 5) << "marked, not closed";
  EXPECT_EQ(close_range(701, 703, 0), 0);
  EXPECT_EQ(live() - before, 2);
  close(numbers[0]);
  close(numbers[4]);
  EXPECT_EQ(live(), before);
}

TEST(DescriptorsByCallSite, AddUpToTheKernelsFigure) {
  const long raw = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY);
  settle();
  layout::Reading reading;
  soak_probe_read(&reading, false);
  EXPECT_EQ(live() + unknown_resources(layout::SiteKind::descriptor), reading.open_files);
  EXPECT_GE(unknown_resources(layout::SiteKind::descriptor), 1);
  close(static_cast<int>(raw));
  settle();
  soak_probe_read(&reading, false);
  EXPECT_EQ(live() + unknown_resources(layout::SiteKind::descriptor), reading.open_files);
}

TEST(DescriptorsByCallSite, AreNotTouchedByChildren) {
  const int kept = open_here();
  const auto before = live();
  const auto raw_clone = [] { return static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0)); };
  for (const auto& make : {std::function<pid_t()>(raw_clone), std::function<pid_t()>(&fork)}) {
    const pid_t child = make();
    if (child == 0) {
      closefrom(3);
      open_here();
      _exit(0);
    }
    waitpid(child, nullptr, 0);
  }
  const pid_t child = vfork();
  if (child == 0) {
    close(kept);
    _exit(open("/dev/null", O_RDONLY) == kept ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0) << "the vfork child had its own descriptors";
  EXPECT_EQ(live(), before);
  close(kept);
}

TEST(DescriptorsByCallSite, OfThreadsThatOpenAndCloseAreExact) {
  const auto before = known_resources(layout::SiteKind::descriptor);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([] {
      for (int i = 0; i < 2000; ++i) close(open_here());
    });
  for (auto& thread : threads) thread.join();
  const auto after = known_resources(layout::SiteKind::descriptor);
  EXPECT_EQ(after.made - before.made, 8000);
  EXPECT_EQ(after.live(), before.live());
}

TEST(DescriptorsByCallSite, OfNumbersBeyondTheTableAreCountedAsUnknown) {
  constexpr int high = 70'000;
  rlimit limit{}, old{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &old), 0);
  limit = old;
  limit.rlim_cur = high + 1;
  if (limit.rlim_max <= high || setrlimit(RLIMIT_NOFILE, &limit) != 0) GTEST_SKIP() << "not so many are allowed here";
  settle();
  const auto before = live(), unknown = unknown_resources(layout::SiteKind::descriptor);
  const auto overflows = sites_header().resource_overflows[static_cast<int>(layout::SiteKind::descriptor)].load();
  ASSERT_EQ(fcntl(0, F_DUPFD, high), high);
  EXPECT_EQ(sites_header().resource_overflows[static_cast<int>(layout::SiteKind::descriptor)].load() - overflows, 1);
  settle();
  EXPECT_EQ(live(), before);
  EXPECT_EQ(unknown_resources(layout::SiteKind::descriptor) - unknown, 1);
  close(high);
  setrlimit(RLIMIT_NOFILE, &old);
}

}  // namespace
}  // namespace soak::probe
