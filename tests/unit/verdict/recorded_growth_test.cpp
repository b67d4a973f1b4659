// growth_in_run() on recordings of real programs: tests/series has the programs, what they do and how they are
// recorded again.
//
// What is expected is what a reader says who has the curve and the source of the program.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "verdict/growth_in_run.hpp"

namespace soak::verdict {
namespace {

/// Recorded series, by the name of the program and of the figure.
using Recording = std::map<std::string, Series>;

Recording recording() {
  Recording recording;
  std::ifstream file(SOAK_RECORDED_SERIES);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string program, figure;
    words >> program >> figure;
    auto& series = recording[program + " " + figure];
    char colon = 0;
    for (Sample sample; words >> sample.iteration >> colon >> sample.value;) series.push_back(sample);
  }
  return recording;
}

struct RecordedCase {
  std::string series;
  Shape expected;
  double per_iteration = 0;  ///< Give or take an eighth.
  std::optional<std::int64_t> since = {};
  std::int64_t give_or_take = 40;  ///< A little more than lies between two readings.
};

const std::vector<RecordedCase> cases = {
    // Containers.
    {"batch_of_random_size heap_bytes", Shape::flat},
    {"bounded_queue heap_bytes", Shape::stopped, 0, 65},
    {"bounded_queue rss_bytes", Shape::flat},
    {"error_at_random heap_blocks", Shape::linear, 0.03},
    {"error_at_random heap_bytes", Shape::linear, 1.7},
    {"error_each_hundredth_time heap_bytes", Shape::linear, 1.14},
    {"leak_that_begins_late heap_bytes", Shape::linear, 24, 1200},
    {"lru_cache_of_new_keys heap_blocks", Shape::stopped, 0, 500},
    {"lru_cache_of_new_keys heap_bytes", Shape::stopped, 0, 500},
    {"lru_cache_of_new_keys rss_bytes", Shape::flat},
    {"lru_cache_of_random_keys heap_bytes", Shape::stopped, 0, 1200, 100},  // 19 of 20 keys are there
    {"lru_cache_with_a_leak heap_bytes", Shape::linear, 24, 500},
    {"map_of_sessions heap_bytes", Shape::linear, 112, 0},
    {"monotonic_buffer heap_bytes", Shape::linear, 58},  // 48 B, and what is ready for more
    {"pairs_kept heap_bytes", Shape::faster, 1050},
    {"pairs_kept rss_bytes", Shape::faster, 1050},
    {"pool_of_blocks heap_bytes", Shape::stopped, 0, 280},  // room for 400 and more
    {"records_broken heap_bytes", Shape::slower, 400 * 24 * 0.693 / 1000},
    {"string_appended heap_bytes", Shape::linear, 31},  // 16 B, and room
    {"table_loaded_late heap_bytes", Shape::stopped, 0, 1300},
    {"unordered_map_new_keys heap_blocks", Shape::linear, 1, 0},
    {"unordered_map_new_keys heap_bytes", Shape::linear, 33},               // a node and a bucket
    {"unordered_map_random_keys heap_bytes", Shape::stopped, 0, 760, 100},  // 19 of 20 bytes
    {"unordered_map_rehash_until_full heap_bytes", Shape::stopped, 0, 700},
    {"vector_cleared_now_and_then heap_bytes", Shape::flat},
    {"vector_doubling heap_bytes", Shape::linear, 8},
    {"vector_reserved heap_bytes", Shape::flat},
    {"words_of_a_text heap_bytes", Shape::slower, 4},
    // Boost.
    {"boost_circular_buffer_of_texts heap_bytes", Shape::stopped, 0, 900},
    {"boost_flat_map_new_keys heap_bytes", Shape::linear, 33},         // 16 B, and room
    {"boost_flat_map_until_full heap_bytes", Shape::stopped, 0, 425},  // room for 500
    {"boost_object_pool_never_emptied heap_bytes", Shape::linear, 120},
    {"boost_object_pool_reused heap_bytes", Shape::stopped, 0, 26},
    // libcurl.
    {"curl_connection_pool heap_bytes", Shape::stopped, 0, 600},
    {"curl_connection_pool open_files", Shape::stopped, 0, 400},
    {"curl_dns_cache heap_bytes", Shape::stopped, 0, 1380},
    {"curl_dns_cache_told_by_hand heap_bytes", Shape::linear, 190, 0},
    {"curl_handle_forgotten heap_bytes", Shape::linear, 830, 0, 100},
    {"curl_handle_forgotten open_files", Shape::linear, 0.15, 0},
    {"curl_one_host heap_bytes", Shape::stopped, 0, 26},
    // protobuf, spdlog.
    {"protobuf_arena_for_everything heap_bytes", Shape::linear, 154},
    {"protobuf_arena_reset_now_and_then heap_bytes", Shape::flat},
    {"protobuf_message_reused heap_bytes", Shape::flat},  // wavers, as its text does
    {"spdlog_backtrace heap_bytes", Shape::stopped, 0, 300},
    {"spdlog_logger_of_each_request heap_bytes", Shape::linear, 970, 0},
    {"spdlog_logger_of_each_request rss_bytes", Shape::linear, 1000},
    {"spdlog_ring_of_long_texts heap_bytes", Shape::stopped, 0, 600},
    {"spdlog_ring_of_short_texts heap_bytes", Shape::flat},
    // SQLite.
    {"sqlite_page_cache heap_bytes", Shape::stopped, 0, 730},
    {"sqlite_page_cache rss_bytes", Shape::stopped},
    {"sqlite_rows_in_memory heap_bytes", Shape::linear, 230, 0},
    {"sqlite_rows_in_memory_expired heap_bytes", Shape::stopped, 0, 200},
    {"sqlite_statement_forgotten heap_bytes", Shape::linear, 1672, 0},
    {"sqlite_statement_forgotten rss_bytes", Shape::linear, 1672},
    // The C library and the kernel.
    {"descriptors_forgotten heap_bytes", Shape::linear, 0.26},  // their numbers, and room for more
    {"descriptors_forgotten open_files", Shape::linear, 0.04, 0},
    {"locale_first_use heap_bytes", Shape::stopped, 0, 26},
    {"locale_first_use_late heap_bytes", Shape::stopped, 0, 1200},
    {"locale_set_to_and_fro heap_bytes", Shape::stopped, 0, 26},
    {"pages_mapped_and_touched heap_bytes", Shape::flat},
    {"pages_mapped_and_touched rss_bytes", Shape::linear, 4096},
    {"pages_mapped_and_touched vms_bytes", Shape::linear, 4096, 0},
    {"pages_of_a_ring_touched heap_bytes", Shape::flat},
    {"pages_of_a_ring_touched rss_bytes", Shape::stopped},
    {"stdio_first_use heap_bytes", Shape::stopped, 0, 26},
    {"stdio_first_use_late heap_bytes", Shape::stopped, 0, 700},
    {"stdio_opened_and_closed heap_bytes", Shape::flat},
    {"stdio_stream_forgotten heap_bytes", Shape::linear, 183, 0},
    {"stdio_stream_forgotten open_files", Shape::linear, 0.04, 0},
    {"thread_stack_cache heap_bytes", Shape::stopped, 0, 325},
    {"thread_stack_cache vms_bytes", Shape::stopped},
    {"threads_never_joined heap_bytes", Shape::linear, 21},
    {"threads_never_joined joinable_threads", Shape::linear, 0.05, 0},
    {"threads_never_joined vms_bytes", Shape::linear, 420'000},  // 8 MiB each twentieth time
};

// As the figures of a run are told: see metric_shapes.cpp.
Growth classified(const std::string& name, const Series& series) {
  const bool is_resident = name.ends_with("rss_bytes");
  return growth_in_run(series, is_resident ? Reader::noisy : Reader::exact, is_resident ? 64 * 4096 : 0);
}

TEST(RecordedGrowth, IsWhatAReaderOfCurveAndSourceSays) {
  auto recorded = recording();
  ASSERT_FALSE(recorded.empty()) << SOAK_RECORDED_SERIES;
  for (const auto& [name, expected, per_iteration, since, give_or_take] : cases) {
    const auto shape = classified(name, recorded[name]);
    EXPECT_EQ(to_string(shape.shape), to_string(expected)) << name;
    // Of what does not go on, the trend of a noisy figure is told whatever it is.
    if (goes_on(expected)) {
      EXPECT_NEAR(shape.per_iteration, per_iteration, per_iteration / 8) << name;
    }
    if (since) {
      EXPECT_LE(std::abs(shape.since_iteration - *since), give_or_take) << name << " since " << shape.since_iteration;
    }
  }
}

TEST(RecordedGrowth, EachSeriesIsExpectedToBeSomething) {
  auto recorded = recording();
  for (const auto& expected : cases) EXPECT_EQ(recorded.erase(expected.series), 1U) << expected.series;
  for (const auto& [name, series] : recorded) ADD_FAILURE() << name << " is recorded, and no shape of it expected";
}

}  // namespace
}  // namespace soak::verdict
