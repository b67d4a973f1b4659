// C libraries: what they keep after first use, and what fills.
#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <langinfo.h>
#include <netinet/in.h>
#include <poll.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <locale>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "recorded.hpp"

using namespace soak::series;

namespace {

// Answers every request on any address of 127.0.0.0/8 with two bytes, and keeps connections open. One thread and no
// heap of its own while it runs: what is recorded is the client's.
class LoopbackServer {
 public:
  LoopbackServer() {
    polled_.reserve(most_connections);
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener, 64) != 0)
      std::abort();
    socklen_t size = sizeof address;
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    if (pipe(stop_) != 0) std::abort();
    polled_.push_back({stop_[0], POLLIN, 0});
    polled_.push_back({listener, POLLIN, 0});
    thread_ = std::thread([this] { serve(); });
  }
  ~LoopbackServer() {
    close(stop_[1]);
    thread_.join();
    for (const auto& connection : polled_) close(connection.fd);
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  [[nodiscard]] int port() const { return port_; }

 private:
  static constexpr std::size_t most_connections = 512;

  void serve() {
    while (poll(polled_.data(), polled_.size(), -1) > 0 && polled_[0].revents == 0) {
      for (std::size_t i = polled_.size(); i-- > 2;)
        if (polled_[i].revents != 0 && !answer(polled_[i].fd)) {
          close(polled_[i].fd);
          polled_.erase(polled_.begin() + static_cast<std::ptrdiff_t>(i));
        }
      if (polled_[1].revents != 0) polled_.push_back({accept(polled_[1].fd, nullptr, nullptr), POLLIN, 0});
    }
  }
  static bool answer(int connection) {
    char request[4096];
    if (read(connection, request, sizeof request) <= 0) return false;
    static constexpr char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    return write(connection, text, sizeof text - 1) > 0;
  }

  int port_ = 0;
  int stop_[2]{};
  std::vector<pollfd> polled_;
  std::thread thread_;
};

std::size_t drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

void fetch(CURL* curl, const std::string& url) {
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  if (curl_easy_perform(curl) != CURLE_OK) std::abort();
}

std::string url_of(std::int64_t host, int port) {
  return "http://127.0.0." + std::to_string(1 + host) + ":" + std::to_string(port) + "/";
}

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;

Database open_database(const char* name) {
  sqlite3* database = nullptr;
  if (sqlite3_open(name, &database) != SQLITE_OK) std::abort();
  return {database, sqlite3_close};
}

void execute(const Database& database, const std::string& sql) {
  if (sqlite3_exec(database.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) std::abort();
}

}  // namespace

SOAK_SERIES(curl_one_host) {
  const LoopbackServer server;
  const Curl curl(curl_easy_init(), curl_easy_cleanup);
  run(state, [&](std::int64_t) { fetch(curl.get(), url_of(0, server.port())); });
}

// A handle keeps up to five connections open.
SOAK_SERIES(curl_connection_pool) {
  const LoopbackServer server;
  const Curl curl(curl_easy_init(), curl_easy_cleanup);
  curl_easy_setopt(curl.get(), CURLOPT_MAXCONNECTS, 40L);
  run(state, [&](std::int64_t i) { fetch(curl.get(), url_of(i / 10 % 60, server.port())); });
}

// Names that are told, not asked for, stay in the cache for ever.
SOAK_SERIES(curl_dns_cache) {
  const LoopbackServer server;
  const Curl curl(curl_easy_init(), curl_easy_cleanup);
  run(state, [&](std::int64_t i) {
    const auto name = "host" + std::to_string(i) + ".invalid:80:127.0.0.1";
    auto* const list = curl_slist_append(nullptr, name.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_RESOLVE, list);
    fetch(curl.get(), url_of(0, server.port()));
    curl_easy_setopt(curl.get(), CURLOPT_RESOLVE, nullptr);
    curl_slist_free_all(list);
  });
}

SOAK_SERIES(curl_handle_forgotten) {
  const LoopbackServer server;
  run(state, [&](std::int64_t i) {
    if (i % 20 == 0) fetch(curl_easy_init(), url_of(0, server.port()));
  });
}

// 2 MB of pages by default; here 64 KiB, filled after some hundred rows.
SOAK_SERIES(sqlite_page_cache) {
  const auto database = open_database("");
  execute(database, "PRAGMA cache_size = -512; CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
  run(state, [&](std::int64_t) { execute(database, "INSERT INTO t (text) VALUES (hex(randomblob(300)))"); });
}

SOAK_SERIES(sqlite_in_memory) {
  const auto database = open_database(":memory:");
  execute(database, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
  run(state, [&](std::int64_t) { execute(database, "INSERT INTO t (text) VALUES (hex(zeroblob(100)))"); });
}

SOAK_SERIES(sqlite_statement_forgotten) {
  const auto database = open_database(":memory:");
  run(state, [&](std::int64_t) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database.get(), "SELECT 1", -1, &statement, nullptr) != SQLITE_OK) std::abort();
  });
}

SOAK_SERIES(stdio_first_use) {
  run(state, [&](std::int64_t i) {
    if (i < 100) return;
    auto* const file = std::fopen("/dev/null", "w");
    std::fprintf(file, "%f %s\n", 1.5, "text");
    std::fclose(file);
  });
}

SOAK_SERIES(locale_first_use) {
  run(state, [&](std::int64_t i) {
    if (i < 100) return;
    std::setlocale(LC_ALL, i % 2 == 0 ? "C.UTF-8" : "C");
    std::ostringstream out;
    out.imbue(std::locale("C.UTF-8"));
    out << 1234.5;
    std::time_t now = 1'700'000'000;
    benchmark::DoNotOptimize(std::localtime(&now));
  });
}

// glibc keeps the stacks of ended threads for the next ones, 40 MB of them.
SOAK_SERIES(thread_stack_cache) {
  run(state, [&](std::int64_t i) {
    std::vector<std::thread> threads;
    for (std::int64_t left = 1 + std::min<std::int64_t>(i / 100, 8); left > 0; --left)
      threads.emplace_back([] { benchmark::ClobberMemory(); });
    for (auto& thread : threads) thread.join();
  });
}

SOAK_SERIES(threads_never_joined) {
  std::vector<std::thread> threads;
  run(state, [&](std::int64_t i) {
    if (i % 20 == 0) threads.emplace_back([] { benchmark::ClobberMemory(); });
  });
  for (auto& thread : threads) thread.join();
}

SOAK_SERIES(descriptors_forgotten) {
  std::vector<int> opened;
  run(state, [&](std::int64_t i) {
    if (i % 25 == 0) opened.push_back(open("/dev/null", O_RDONLY | O_CLOEXEC));
  });
  for (const int descriptor : opened) close(descriptor);
}

SOAK_SERIES(pages_touched) {
  constexpr std::size_t page = 4096;
  std::vector<void*> pages;
  pages.reserve(10'000);
  run(state, [&](std::int64_t i) {
    pages.push_back(mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    *static_cast<char*>(pages.back()) = static_cast<char>(i);
  });
  for (auto* const mapped : pages) munmap(mapped, page);
}

SOAK_SERIES(buffer_touched_and_kept) {
  std::vector<char> buffer(8 << 20);
  run(state, [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i) * 8192 % (4 << 20);
    buffer[at] = static_cast<char>(i);
  });
}
