// The C library and the kernel: what they keep after first use, stacks, descriptors, pages.
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <locale>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "recorded.hpp"

using namespace soak::series;

namespace {

const Library glibc("glibc", gnu_get_libc_version());
constexpr std::size_t page_bytes = 4096;

void print_to(std::FILE* file) { std::fprintf(file, "%f %s\n", 1.5, "text"); }

void use_locale() {
  std::ostringstream out;
  out.imbue(std::locale("C.UTF-8"));
  out << 1234.5;
}

void start_and_join(std::int64_t count) {
  std::vector<std::thread> threads;
  for (; count > 0; --count) threads.emplace_back([] { benchmark::ClobberMemory(); });
  for (auto& thread : threads) thread.join();
}

}  // namespace

// A stream has its buffer from the first text on.
SOAK_SERIES(stdio_first_use) {
  auto* const file = std::fopen("/dev/null", "w");
  run(state, [&](std::int64_t) { print_to(file); });
  std::fclose(file);
}

SOAK_SERIES(stdio_first_use_late) {
  auto* const file = std::fopen("/dev/null", "w");
  run(state, [&](std::int64_t i) {
    if (i >= 700) print_to(file);
  });
  std::fclose(file);
}

SOAK_SERIES(stdio_opened_and_closed) {
  run(state, [&](std::int64_t) {
    auto* const file = std::fopen("/dev/null", "w");
    print_to(file);
    std::fclose(file);
  });
}

SOAK_SERIES(stdio_stream_forgotten) {
  run(state, [&](std::int64_t i) {
    if (i % 25 == 0) print_to(std::fopen("/dev/null", "w"));
  });
}

SOAK_SERIES(locale_first_use) {
  run(state, [&](std::int64_t) { use_locale(); });
}

SOAK_SERIES(locale_first_use_late) {
  run(state, [&](std::int64_t i) {
    if (i >= 1200) use_locale();
  });
}

SOAK_SERIES(locale_set_to_and_fro) {
  run(state, [&](std::int64_t i) { std::setlocale(LC_ALL, i % 2 == 0 ? "C.UTF-8" : "C"); });
}

// glibc keeps the stacks of ended threads for the next ones, up to 40 MB of them: here four of 8 MB. One arena for
// all, or each thread would have 64 MB more, as they come.
SOAK_SERIES(thread_stack_cache) {
  mallopt(M_ARENA_MAX, 1);
  run(state, [&](std::int64_t i) { start_and_join(1 + std::min<std::int64_t>(i / 100, 3)); });
}

SOAK_SERIES(threads_never_joined) {
  mallopt(M_ARENA_MAX, 1);
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

SOAK_SERIES(pages_mapped_and_touched) {
  std::vector<void*> pages;
  pages.reserve(10'000);
  run(state, [&](std::int64_t i) {
    pages.push_back(mmap(nullptr, page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    *static_cast<char*>(pages.back()) = static_cast<char>(i);
  });
  for (auto* const mapped : pages) munmap(mapped, page_bytes);
}

// A ring of 4 MiB, all of it there from the beginning, that is written round for the first time.
SOAK_SERIES(pages_of_a_ring_touched) {
  constexpr std::size_t ring_bytes = 1024 * page_bytes;
  const auto ring = std::make_unique_for_overwrite<char[]>(ring_bytes);
  run(state,
      [&](std::int64_t i) { ring[static_cast<std::size_t>(i) * page_bytes % ring_bytes] = static_cast<char>(i); });
}
