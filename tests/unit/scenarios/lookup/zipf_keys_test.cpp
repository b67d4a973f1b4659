#include "lookup/zipf_keys.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <string>

namespace lookup {
namespace {

TEST(ZipfKeys, TheSameSeedGivesTheSameStream) {
  ZipfKeys one(100, 1.0, 1);
  ZipfKeys same(100, 1.0, 1);
  ZipfKeys other(100, 1.0, 2);
  int differences = 0;
  for (int i = 0; i < 100; ++i) {
    const auto id = one.next();
    EXPECT_EQ(same.next(), id);
    if (other.next() != id) ++differences;
  }
  EXPECT_GT(differences, 50);
}

TEST(ZipfKeys, AsksForARankInInverseProportionToIt) {
  ZipfKeys keys(4, 1.0, 1);
  std::map<std::string, int> asked;
  for (int i = 0; i < 25'000; ++i) ++asked[keys.next()];
  // The weights 1, 1/2, 1/3 and 1/4 add up to 25/12.
  ASSERT_EQ(asked.size(), 4U);
  EXPECT_NEAR(asked[ZipfKeys::id_of(1)], 12'000, 400);
  EXPECT_NEAR(asked[ZipfKeys::id_of(2)], 6'000, 350);
  EXPECT_NEAR(asked[ZipfKeys::id_of(3)], 4'000, 300);
  EXPECT_NEAR(asked[ZipfKeys::id_of(4)], 3'000, 250);
}

TEST(ZipfKeys, ExponentZeroAsksForAllAlike) {
  ZipfKeys keys(2, 0, 1);
  int first = 0;
  for (int i = 0; i < 10'000; ++i) first += keys.next() == ZipfKeys::id_of(1) ? 1 : 0;
  EXPECT_NEAR(first, 5'000, 250);
}

TEST(ZipfKeys, IdsHaveOneLength) {
  EXPECT_EQ(ZipfKeys::id_of(1), "video00000001");
  EXPECT_EQ(ZipfKeys::id_of(99'999'999), "video99999999");
}

TEST(ZipfKeys, RefusesACatalogueThatCannotBe) {
  EXPECT_THROW(ZipfKeys(0, 1.0, 1), std::invalid_argument);
  EXPECT_THROW(ZipfKeys(100'000'000, 1.0, 1), std::invalid_argument);
  EXPECT_THROW(ZipfKeys(1, -0.5, 1), std::invalid_argument);
  EXPECT_THROW(ZipfKeys(1, std::numeric_limits<double>::quiet_NaN(), 1), std::invalid_argument);
}

}  // namespace
}  // namespace lookup
