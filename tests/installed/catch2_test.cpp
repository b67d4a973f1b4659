#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#include <soak/expect_no_growth.hpp>

#include "operations.hpp"

TEST_CASE("clean") { soak::expect_no_growth(clean_operation); }
TEST_CASE("leaking") { soak::expect_no_growth(leaking_operation, {.name = "keeping everything"}); }
