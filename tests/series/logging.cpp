// spdlog: a ring that fills, a registry that nobody empties, a backtrace.
#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/ringbuffer_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

#include "recorded.hpp"

using namespace soak::series;

SOAK_SERIES(spdlog_ring) {
  const auto ring = std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(600);
  spdlog::logger logger("ring", ring);
  run(state,
      [&](std::int64_t i) { logger.info("request {} was answered, {} bytes of it from the cache", i, 7 * i); });
}

SOAK_SERIES(spdlog_logger_of_each_request) {
  run(state, [&](std::int64_t i) { spdlog::null_logger_mt("request " + std::to_string(i)); });
  spdlog::drop_all();
}

SOAK_SERIES(spdlog_backtrace) {
  spdlog::logger logger("backtrace", std::make_shared<spdlog::sinks::null_sink_mt>());
  logger.enable_backtrace(300);
  run(state, [&](std::int64_t i) { logger.debug("step {} of something that went well so far, as it seems", i); });
}
