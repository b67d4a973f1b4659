// Containers of the standard library: how they grow, fill and stay.
#include <algorithm>
#include <cmath>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "recorded.hpp"

using namespace soak::series;

namespace {

const Library libstdcxx("libstdc++", std::to_string(_GLIBCXX_RELEASE) + " (" + std::to_string(__GLIBCXX__) + ")");

}  // namespace

SOAK_SERIES(vector_doubling) {
  std::vector<std::int64_t> values;
  run(state, [&](std::int64_t i) { values.push_back(i); });
}

SOAK_SERIES(vector_reserved) {
  std::vector<std::int64_t> values;
  values.reserve(10'000);
  run(state, [&](std::int64_t i) { values.push_back(i); });
}

SOAK_SERIES(vector_cleared_now_and_then) {
  std::vector<std::string> lines;
  run(state, [&](std::int64_t i) {
    lines.push_back("a line that is too long for the small string: " + std::to_string(i));
    if (i % 300 == 299) std::vector<std::string>().swap(lines);
  });
}

SOAK_SERIES(string_appended) {
  std::string text;
  run(state, [&](std::int64_t) { text += "0123456789abcdef"; });
}

SOAK_SERIES(unordered_map_new_keys) {
  std::unordered_map<std::int64_t, std::int64_t> map;
  run(state, [&](std::int64_t i) { map[i] = i; });
}

SOAK_SERIES(unordered_map_rehash_until_full) {
  std::unordered_map<std::int64_t, std::int64_t> map;
  run(state, [&](std::int64_t i) { map[i % 700] = i; });
}

SOAK_SERIES(unordered_map_random_keys) {
  std::unordered_map<std::int64_t, std::int64_t> map;
  std::mt19937_64 random(seed);
  run(state, [&](std::int64_t i) { map[static_cast<std::int64_t>(random() % 300)] = i; });
}

SOAK_SERIES(map_of_sessions) {
  std::map<std::int64_t, std::string> sessions;
  run(state, [&](std::int64_t i) { sessions[i] = "session that nobody ends, number " + std::to_string(i); });
}

// What is asked for later finds what was asked for before: Heaps' law of words, as a set of them fills.
SOAK_SERIES(words_of_a_text) {
  std::set<std::int64_t> words;
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<> uniform(0, 1);
  run(state, [&](std::int64_t) {
    for (int word = 0; word < 20; ++word)
      words.insert(
          static_cast<std::int64_t>(std::pow(1 - uniform(random), -1.0)));  // Zipf: rank r in 1 / r^2 of cases
  });
}

// Of each new highest value a note: as many in each doubling of what was seen.
SOAK_SERIES(records_broken) {
  std::list<std::int64_t> notes;
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> highest(400);
  run(state, [&](std::int64_t i) {
    for (auto& track : highest)
      if (const auto value = random(); value > track) track = value, notes.push_back(i);
  });
}

SOAK_SERIES(pairs_kept) {
  std::list<std::vector<char>> rows;
  run(state, [&](std::int64_t i) { rows.emplace_back(static_cast<std::size_t>(i) + 1); });
}

class LruCache {
 public:
  explicit LruCache(std::size_t capacity) : capacity_(capacity) {}
  void look_up(std::int64_t key) {
    if (const auto found = places_.find(key); found != places_.end())
      return order_.splice(order_.begin(), order_, found->second);
    order_.emplace_front(key, std::string(100, 'x'));
    places_[key] = order_.begin();
    if (order_.size() <= capacity_) return;
    places_.erase(order_.back().first);
    order_.pop_back();
  }

 private:
  std::size_t capacity_;
  std::list<std::pair<std::int64_t, std::string>> order_;
  std::unordered_map<std::int64_t, std::list<std::pair<std::int64_t, std::string>>::iterator> places_;
};

SOAK_SERIES(lru_cache_of_new_keys) {
  LruCache cache(500);
  run(state, [&](std::int64_t i) { cache.look_up(i); });
}

SOAK_SERIES(lru_cache_of_random_keys) {
  LruCache cache(5'000);
  std::mt19937_64 random(seed);
  run(state, [&](std::int64_t) { cache.look_up(static_cast<std::int64_t>(random() % 400)); });
}

SOAK_SERIES(lru_cache_with_a_leak) {
  LruCache cache(500);
  std::list<std::int64_t> forgotten;
  run(state, [&](std::int64_t i) {
    cache.look_up(i);
    forgotten.push_back(i);
  });
}

SOAK_SERIES(bounded_queue) {
  std::deque<std::string> queue;
  run(state, [&](std::int64_t i) {
    queue.push_back("message that is kept for a while, number " + std::to_string(i));
    if (queue.size() > 64) queue.pop_front();
  });
}

SOAK_SERIES(batch_of_random_size) {
  std::vector<std::unique_ptr<char[]>> batch;
  std::mt19937_64 random(seed);
  run(state, [&](std::int64_t) {
    batch.clear();
    for (auto left = random() % 64; left > 0; --left) batch.push_back(std::make_unique<char[]>(100));
  });
}

SOAK_SERIES(error_each_hundredth_time) {
  std::list<std::string> errors;
  run(state, [&](std::int64_t i) {
    if (i % 100 == 99) errors.push_back("an error context that nobody clears, of operation " + std::to_string(i));
  });
}

SOAK_SERIES(error_at_random) {
  std::list<std::string> errors;
  std::mt19937_64 random(seed);
  run(state, [&](std::int64_t i) {
    if (random() % 80 == 0)
      errors.push_back("an error context that nobody clears, of operation " + std::to_string(i));
  });
}

SOAK_SERIES(leak_that_begins_late) {
  std::list<std::int64_t> forgotten;
  run(state, [&](std::int64_t i) {
    if (i >= 1200) forgotten.push_back(i);
  });
}

SOAK_SERIES(table_loaded_late) {
  std::vector<char> table;
  run(state, [&](std::int64_t i) {
    if (i == 1300) table.resize(100'000);
  });
}

SOAK_SERIES(monotonic_buffer) {
  std::pmr::monotonic_buffer_resource buffer;
  run(state, [&](std::int64_t) { benchmark::DoNotOptimize(buffer.allocate(48)); });
}

SOAK_SERIES(pool_of_blocks) {
  std::pmr::unsynchronized_pool_resource pool;
  std::pmr::list<std::int64_t> list(&pool);
  run(state, [&](std::int64_t i) {
    list.push_back(i);
    if (list.size() > 400) list.pop_front();
  });
}
