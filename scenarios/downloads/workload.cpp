#include <fmt/format.h>

#include <array>
#include <downloads/workload.hpp>
#include <random>
#include <string_view>

namespace downloads {
namespace {

constexpr std::uint64_t smallest_bytes = 8 << 10;
constexpr std::uint64_t largest_bytes = 64 << 10;
constexpr std::uint64_t one_in = 4;
constexpr std::array<std::string_view, 3> faults = {"503", "reset", "truncate"};

/// Not std::uniform_int_distribution: its numbers differ from library to library.
std::uint64_t draw(std::mt19937_64& random, std::uint64_t below) { return random() % below; }

std::string draw_faults(std::mt19937_64& random) {
  std::string drawn;
  for (int most = 2; most > 0 && draw(random, one_in) == 0; --most)
    drawn.append(drawn.empty() ? "" : ",").append(faults[draw(random, faults.size())]);
  return drawn;
}

}  // namespace

std::vector<DownloadRequest> plan_batch(const BatchPlan& plan, const std::string& server_url,
                                        const std::filesystem::path& folder) {
  std::mt19937_64 random(plan.seed);
  std::vector<DownloadRequest> requests;
  for (std::size_t number = 0; number < plan.objects; ++number) {
    const auto bytes = smallest_bytes + draw(random, largest_bytes - smallest_bytes + 1);
    const bool stalls = plan.stall == Stall::once && number == plan.objects / 2;
    const auto drawn = draw_faults(random);
    requests.push_back({fmt::format("{}/media/{}-{}?size={}&retry_after=0&faults={}", server_url, plan.seed, number,
                                    bytes, stalls ? "stall" : drawn),
                        folder / fmt::format("{}.media", number)});
  }
  return requests;
}

}  // namespace downloads
