#include "base/random_uid.hpp"

#include <fmt/format.h>

#include <random>

namespace soak {

std::string random_uid() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", device(), device(), device(), device());
}

}  // namespace soak
