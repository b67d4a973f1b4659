// A million random operations on eight threads, blocks freed by other threads than those that made them; each thread
// keeps its own book, and at the end the books and the probe must agree to the byte.
#include <stdint.h>
#include <string.h>

#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "heap_change.hpp"

using namespace faithful;

namespace {

constexpr int threads = 8, operations_a_thread = 125'000, blocks_in_play = 4096;

/// Blocks go from thread to thread through these: whoever takes one out owns it.
std::atomic<void*> exchange[blocks_in_play];

struct Book {
  Totals totals;

  void allocated(void* block) {
    if (block == nullptr) return;
    ++totals.allocations;
    ++totals.blocks;
    totals.bytes += usable(block);
  }
  void freed(void* block) {
    if (block == nullptr) return;
    ++totals.frees;
    --totals.blocks;
    totals.bytes -= usable(block);
  }
};

class Worker {
 public:
  explicit Worker(unsigned seed) : random_(seed) {}

  void operator()() {
    for (int i = 0; i < operations_a_thread; ++i) operate();
  }
  [[nodiscard]] const Totals& totals() const { return book_.totals; }

 private:
  std::size_t upto(std::size_t limit) { return random_() % (limit + 1); }

  /// Mostly small; now and then one that is mapped by itself.
  std::size_t some_size() {
    const auto kind = upto(999);
    return kind < 900 ? upto(300) : kind < 998 ? upto(20'000) : upto(1'000'000);
  }

  void operate() {
    auto& place = exchange[upto(blocks_in_play - 1)];
    void* const block = place.exchange(nullptr);
    void* const next = upto(9) < 2 ? resized(block) : replaced(block);
    // Another thread may have put a block there meanwhile: that one goes.
    release(place.exchange(next));
  }

  void* resized(void* block) {
    const auto bytes = some_size();
    if (block != nullptr) book_.freed(block);
    void* const result = kept(realloc(block, bytes));
    book_.allocated(result);
    return result;
  }

  void* replaced(void* block) {
    release(block);
    if (upto(9) < 3) return nullptr;
    void* const result = kept(some_block());
    book_.allocated(result);
    if (result != nullptr) memset(result, 0x5a, 1);
    return result;
  }

  void* some_block() {
    const auto bytes = 1 + some_size();
    const auto alignment = std::size_t{16} << upto(8);
    void* block = nullptr;
    switch (upto(6)) {
      case 0:
        return calloc(1 + upto(3), bytes);
      case 1:
        return aligned_alloc(alignment, bytes / alignment * alignment + alignment);
      case 2:
        return posix_memalign(&block, alignment, bytes) == 0 ? block : nullptr;
      case 3:
        return operator new(bytes);
      default:
        return malloc(bytes);
    }
  }

  void release(void* block) {
    book_.freed(block);
    free(block);
  }

  std::mt19937 random_;
  Book book_;
};

}  // namespace

int main() {
  std::vector<Worker> workers;
  for (unsigned seed = 0; seed < threads; ++seed) workers.emplace_back(seed);
  std::vector<std::thread> running(threads);
  std::atomic<int> ready{0}, done{0};
  std::atomic<bool> go{false}, end{false};
  for (std::size_t i = 0; i < threads; ++i)
    running[i] = std::thread([&, i] {
      ++ready;
      go.wait(false);
      workers[i]();
      ++done;
      end.wait(false);
    });
  while (ready < threads) std::this_thread::yield();
  const HeapChange change;
  go = true;
  go.notify_all();
  while (done < threads) std::this_thread::yield();
  Totals sum;
  for (const auto& worker : workers) {
    sum.blocks += worker.totals().blocks;
    sum.bytes += worker.totals().bytes;
    sum.allocations += worker.totals().allocations;
    sum.frees += worker.totals().frees;
  }
  change.expect("the books of eight threads", sum);
  expect(sum.allocations > 500'000, "there was something to count");
  end = true;
  end.notify_all();
  for (auto& thread : running) thread.join();
  return result();
}
