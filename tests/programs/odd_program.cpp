// A program with a size and with every bad habit: odd_program HABIT [N].
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace {

std::vector<std::string> kept;

std::string record_of(int i) { return std::string(100 + static_cast<std::size_t>(i) % 7, 'x'); }

int keeps_nothing(int n) {
  std::size_t sum = 0;
  for (int i = 0; i < n; ++i) sum += record_of(i).size();
  std::printf("%zu\n", sum);
  return 0;
}

int keeps_all(int n) {
  for (int i = 0; i < n; ++i) kept.push_back(record_of(i));
  return 0;
}

/// Two ways down at each level, so 2^levels stacks that end here.
void goes_many_ways(int levels) {  // NOLINT(misc-no-recursion)
  if (levels == 0) {
    std::free(std::malloc(64));
    return;
  }
  goes_many_ways(levels - 1);
  goes_many_ways(levels - 1);
}

int keeps_all_after_many_stacks(int n) {
  goes_many_ways(15);
  return keeps_all(n);
}

int fills_a_cache(int n) {
  for (int i = 0; i < n; ++i)
    if (kept.size() < 50) kept.push_back(record_of(i));
  return 0;
}

int opens_files(int n) {
  for (int i = 0; i < n; ++i)
    if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) return 1;
  return 0;
}

int dies_in_iteration_412(int n) {
  for (int i = 1; i <= n; ++i) {
    kept.push_back(record_of(i));
    if (i == 412) std::abort();
  }
  return 0;
}

int exits_with_seven(int) { return 7; }

int goes_into_the_background(int) {
  if (fork() > 0) return 0;
  setsid();
  if (fork() > 0) _exit(0);
  for (;;) pause();
}

int forks_a_hundred(int) {
  for (int i = 0; i < 100; ++i)
    if (fork() == 0)
      for (;;) pause();
  for (;;) pause();
}

int ignores_term(int) {
  std::signal(SIGTERM, SIG_IGN);
  for (;;) pause();
}

int floods_the_log(int) {
  const std::string line(4095, 'y');
  for (int i = 0; i < 20'000; ++i) std::puts(line.c_str());
  return 0;
}

int closes_its_descriptors(int n) {
  for (int descriptor = 0; descriptor < 1024; ++descriptor) close(descriptor);
  return keeps_all(n);
}

int execs_something_else(int n) {
  kept.resize(1'000'000);  // gone with the image
  const auto count = std::to_string(n);
  execl("/proc/self/exe", "odd_program", "keeps_all", count.c_str(), nullptr);
  return 1;
}

int never_listens(int) {
  for (;;) pause();
}

/// Answers each connection with a line; N is its port.
int serve(int port, bool keeps) {
  std::signal(SIGPIPE, SIG_IGN);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 || listen(listener, 64) != 0)
    return 4;
  std::printf("listening\n");
  std::fflush(stdout);
  for (int i = 0;; ++i) {
    const int connection = accept(listener, nullptr, nullptr);
    char request[1024];
    if (recv(connection, request, sizeof(request), 0) > 0) {
      if (keeps) kept.push_back(record_of(i));
      constexpr const char* answer = "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n";
      send(connection, answer, std::strlen(answer), 0);
    }
    close(connection);
  }
}

int serves(int port) { return serve(port, false); }
int serves_and_keeps(int port) { return serve(port, true); }

/// A record a millisecond by the clock, however busy the machine is.
int works_and_keeps(int) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0;; usleep(1000))
    while (std::chrono::milliseconds(i) < std::chrono::steady_clock::now() - begin) kept.push_back(record_of(i++));
}

/// Whether the kernel gave it more rights than its user has, and whether the probe came in nevertheless.
int tells_its_rights(int n) {
  std::ifstream maps("/proc/self/maps");
  const std::string text{std::istreambuf_iterator<char>(maps), std::istreambuf_iterator<char>()};
  std::printf("AT_SECURE %lu, %s\n", getauxval(AT_SECURE),
              text.find("libsoak_probe") == std::string::npos ? "without the probe" : "with the probe");
  return keeps_all(n);
}

int works(int) {
  for (int i = 0;; ++i) {
    kept.assign(10, record_of(i));
    usleep(1000);
  }
}

const std::map<std::string, std::function<int(int)>> habits{
    {"keeps_nothing", keeps_nothing},
    {"keeps_all", keeps_all},
    {"keeps_all_after_many_stacks", keeps_all_after_many_stacks},
    {"fills_a_cache", fills_a_cache},
    {"opens_files", opens_files},
    {"dies_in_iteration_412", dies_in_iteration_412},
    {"exits_with_seven", exits_with_seven},
    {"goes_into_the_background", goes_into_the_background},
    {"forks_a_hundred", forks_a_hundred},
    {"ignores_term", ignores_term},
    {"floods_the_log", floods_the_log},
    {"closes_its_descriptors", closes_its_descriptors},
    {"execs_something_else", execs_something_else},
    {"never_listens", never_listens},
    {"serves", serves},
    {"serves_and_keeps", serves_and_keeps},
    {"tells_its_rights", tells_its_rights},
    {"works", works},
    {"works_and_keeps", works_and_keeps},
};

}  // namespace

int main(int argc, char** argv) {
  const auto habit = habits.find(argc > 1 ? argv[1] : "");
  return habit == habits.end() ? 2 : habit->second(argc > 2 ? std::atoi(argv[2]) : 0);
}
