#include "lookup/zipf_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace lookup {

ZipfKeys::ZipfKeys(std::size_t videos, double exponent, std::uint64_t seed) : random_(seed) {
  if (videos < 1 || videos > 99'999'999) throw std::invalid_argument("videos must be 1 to 99999999");
  if (!(exponent >= 0)) throw std::invalid_argument("exponent must not be negative");
  cumulative_.reserve(videos);
  double sum = 0;
  for (std::size_t rank = 1; rank <= videos; ++rank) {
    sum += std::pow(static_cast<double>(rank), -exponent);
    cumulative_.push_back(sum);
  }
}

std::string ZipfKeys::next() {
  const double drawn = std::uniform_real_distribution<double>(0, cumulative_.back())(random_);
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end() - 1, drawn);
  return id_of(static_cast<std::size_t>(found - cumulative_.begin()) + 1);
}

std::string ZipfKeys::id_of(std::size_t rank) { return fmt::format("video{:08}", rank); }

}  // namespace lookup
