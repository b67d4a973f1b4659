// Boost: pools, rings, tables.
#include <boost/circular_buffer.hpp>
#include <boost/pool/object_pool.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/version.hpp>
#include <string>

#include "recorded.hpp"

using namespace soak::series;

namespace {

const Library boost_version("Boost", BOOST_LIB_VERSION);

struct Message {
  char text[120] = {};
};

}  // namespace

SOAK_SERIES(boost_object_pool_never_emptied) {
  boost::object_pool<Message> pool;
  run(state, [&](std::int64_t) { benchmark::DoNotOptimize(pool.construct()); });
}

SOAK_SERIES(boost_object_pool_reused) {
  boost::object_pool<Message> pool;
  run(state, [&](std::int64_t) { pool.destroy(pool.construct()); });
}

SOAK_SERIES(boost_circular_buffer_of_texts) {
  boost::circular_buffer<std::string> buffer(900);
  run(state, [&](std::int64_t i) { buffer.push_back("a text too long for the small string, " + std::to_string(i)); });
}

// One array, that doubles.
SOAK_SERIES(boost_flat_map_new_keys) {
  boost::unordered_flat_map<std::int64_t, std::int64_t> map;
  run(state, [&](std::int64_t i) { map[i] = i; });
}

SOAK_SERIES(boost_flat_map_until_full) {
  boost::unordered_flat_map<std::int64_t, std::int64_t> map;
  run(state, [&](std::int64_t i) { map[i % 500] = i; });
}
