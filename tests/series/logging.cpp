// spdlog: a ring that fills, a registry that nobody empties, a backtrace.
#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/ringbuffer_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

#include "recorded.hpp"

using namespace soak::series;

namespace {

const Library library("spdlog", fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH));

}  // namespace

// A record has room for 250 characters in itself; longer texts are on the heap.
SOAK_SERIES(spdlog_ring_of_long_texts) {
  const auto ring = std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(600);
  spdlog::logger logger("ring", ring);
  run(state, [&](std::int64_t i) { logger.info("request {} was answered: {}", i, std::string(300, 'x')); });
}

SOAK_SERIES(spdlog_ring_of_short_texts) {
  const auto ring = std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(600);
  spdlog::logger logger("ring", ring);
  run(state, [&](std::int64_t i) { logger.info("request {} was answered", i); });
}

SOAK_SERIES(spdlog_backtrace) {
  spdlog::logger logger("backtrace", std::make_shared<spdlog::sinks::null_sink_mt>());
  logger.enable_backtrace(300);
  run(state, [&](std::int64_t i) { logger.debug("step {}, as it seems: {}", i, std::string(400, 'x')); });
}

SOAK_SERIES(spdlog_logger_of_each_request) {
  run(state, [&](std::int64_t i) { spdlog::null_logger_mt("request " + std::to_string(i)); });
  spdlog::drop_all();
}
