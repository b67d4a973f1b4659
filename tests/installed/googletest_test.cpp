#include <gtest/gtest.h>

#include <soak/expect_no_growth.hpp>

#include "operations.hpp"

TEST(Operation, Clean) { soak::expect_no_growth(clean_operation); }
TEST(Operation, Bounded) { soak::expect_no_growth(bounded_operation); }
TEST(Operation, Leaking) { soak::expect_no_growth(leaking_operation, {.name = "keeping everything"}); }
