// plain_test clean|leaking [N]
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <soak/expect_no_growth.hpp>

#include "operations.hpp"

int main(int argc, char** argv) {
  const bool leaks = argc > 1 && std::strcmp(argv[1], "leaking") == 0;
  if (argc > 2) {
    for (int i = std::atoi(argv[2]); i > 0; --i) leaks ? leaking_operation() : clean_operation();
    return 0;
  }
  try {
    soak::expect_no_growth(leaks ? leaking_operation : clean_operation);
  } catch (const soak::GrowthFound& growth) {
    std::printf("%s", growth.what());
    return 1;
  }
  return 0;
}
