// A service that fails by a seeded pattern: what the retry loop is soaked with, in place of a network.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "retry/error_context.hpp"
#include "retry/error_recovery_manager.hpp"

namespace recovery {

/// What the service answers, checked by whoever asked.
struct Page {
  std::string body;
  std::uint64_t checksum = 0;  ///< Of the body as it was sent.
};

[[nodiscard]] std::uint64_t checksum_of(const std::string& body) noexcept;

/// Good times and bad times follow each other: 10 to 30 requests of which a tenth fails, then 30 to 60 of which seven
/// in eight do. The same seed gives the same answers. One thread uses a service at a time.
///
/// All failures need the same number of bytes on the heap, whatever their kind, so that a full log of them holds a
/// constant amount of memory and each byte beyond it is a leak.
class FlakyService {
 public:
  explicit FlakyService(std::uint64_t seed) : random_(seed) {}

  /// Some tens of microseconds of work.
  [[nodiscard]] Attempt<Page> fetch();

  [[nodiscard]] std::uint64_t requests() const noexcept { return requests_; }

 private:
  [[nodiscard]] bool next_fails();
  [[nodiscard]] Failure make_failure();
  [[nodiscard]] Page make_page();
  [[nodiscard]] int between(int lowest, int highest);

  std::mt19937_64 random_;
  bool bad_times_ = true;
  int left_in_phase_ = 0;
  std::uint64_t requests_ = 0;
};

/// What a request for page `number` looks like; the length does not depend on the number, 0 to 99999999.
[[nodiscard]] OperationInfo describe_request(std::uint64_t number);

}  // namespace recovery
