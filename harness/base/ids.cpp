#include "base/ids.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/uuid/random_generator.hpp>

namespace soak {

std::string random_uid() { return fmt::format("{:02x}", fmt::join(boost::uuids::random_generator_pure()(), "")); }

std::uint64_t stable_hash(std::string_view text, std::uint64_t hash) {
  for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  return hash;
}

}  // namespace soak
