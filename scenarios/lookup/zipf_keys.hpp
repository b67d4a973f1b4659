// Which videos are asked for: a few all the time, most of them hardly ever, as in any catalogue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace lookup {

/// A seeded stream of ids in which the video of rank r, from 1, is asked for in proportion to r^-exponent (Zipf's
/// law). One thread uses a stream at a time.
class ZipfKeys {
 public:
  /// Throws std::invalid_argument unless 1 <= videos <= 99999999 and exponent >= 0.
  ZipfKeys(std::size_t videos, double exponent, std::uint64_t seed);

  [[nodiscard]] std::string next();

  /// The id of a rank; all have the same length.
  [[nodiscard]] static std::string id_of(std::size_t rank);

 private:
  std::vector<double> cumulative_;  ///< Of the weights, by rank.
  std::mt19937_64 random_;
};

}  // namespace lookup
