// simulate [PROGRAMS]: judges so many simulated programs of each sort, without a leak and with one, and prints how
// often each was called what. Exit status 1 where a share misses its target.
#include <fmt/format.h>

#include <cstdlib>

#include "judging.hpp"

namespace {

using namespace soak::simulation;

struct Sort {
  const char* name;
  Leak leak;
  Program::Reads reads;
  double least, most;  ///< Of the share called a leak.
};

constexpr Sort sorts[] = {
    {"none, heap counted", {0}, Program::Reads::heap, 0, 0.001},
    {"none, resident memory alone", {0}, Program::Reads::resident_memory, 0, 0.01},
    {"16 B an iteration", {1}, Program::Reads::heap, 0.999, 1},
    {"16 B each hundredth iteration", {100}, Program::Reads::heap, 0.99, 1},
};

void add(const Tally& tally, Tally& sum) {
  sum.programs += tally.programs;
  sum.leak += tally.leak;
  sum.growing += tally.growing;
  sum.inconclusive += tally.inconclusive;
  sum.pass += tally.pass;
  sum.others += tally.others;
}

void print(const char* leak, const std::string& kind, const Tally& tally) {
  fmt::print("{:<30} {:<16} {:>6} {:>8} {:>8} {:>8} {:>6} {:>6}   {:.2f} %\n", leak, kind, tally.programs, tally.leak,
             tally.growing, tally.inconclusive, tally.pass, tally.others, 100 * tally.leak_share());
}

bool meets_target(const Sort& sort, std::int64_t programs) {
  Tally sum;
  const auto of_each_kind =
      (programs + static_cast<std::int64_t>(kinds().size()) - 1) / static_cast<std::int64_t>(kinds().size());
  for (const auto& kind : kinds()) {
    const auto tally = judge_programs(kind, sort.leak, sort.reads, of_each_kind);
    print(sort.name, kind.name, tally);
    add(tally, sum);
  }
  print(sort.name, "all", sum);
  const bool meets = sum.leak_share() >= sort.least && sum.leak_share() <= sort.most;
  fmt::print("{}: {} ({} % to {} % wanted)\n\n", sort.name, meets ? "as wanted" : "MISSED", 100 * sort.least,
             100 * sort.most);
  return meets;
}

}  // namespace

int main(int argc, char** argv) {
  const auto programs = argc > 1 ? std::atoll(argv[1]) : 10'000;
  if (programs < 1) {
    fmt::print(stderr, "usage: simulate [PROGRAMS]\n");
    return 2;
  }
  fmt::print("{:<30} {:<16} {:>6} {:>8} {:>8} {:>8} {:>6} {:>6}\n", "leak", "beside it", "of", "leak", "growing",
             "inconcl.", "pass", "other");
  bool all_meet = true;
  for (const auto& sort : sorts) all_meet = meets_target(sort, programs) && all_meet;
  return all_meet ? 0 : 1;
}
