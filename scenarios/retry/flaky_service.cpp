#include "retry/flaky_service.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace recovery {
namespace {

constexpr std::size_t page_bytes = 12 << 10;

struct FailureKind {
  std::string_view message;
  std::string_view note;
  Duration minimum_delay;
};

// Messages have 44 to 50 characters and notes 40 to 54: one size of the allocator each.
constexpr std::array<FailureKind, 4> failure_kinds = {{
    {"503 Service Unavailable, and asks for two seconds", "http: response complete, 0 of 12288 body bytes read",
     std::chrono::seconds(2)},
    {"connection reset by peer in the middle of a body", "transport: recv() failed with ECONNRESET (104)",
     Duration(0)},
    {"no byte received within the limit of 15 seconds", "transport: poll() timed out, connection still open",
     Duration(0)},
    {"the body does not match the checksum of its head", "http: response complete, FNV-1a of the body differs",
     Duration(0)},
}};

}  // namespace

std::uint64_t checksum_of(const std::string& body) noexcept {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a.
  for (const char c : body) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

Attempt<Page> FlakyService::fetch() {
  ++requests_;
  auto page = make_page();
  if (next_fails()) return make_failure();
  return page;
}

bool FlakyService::next_fails() {
  if (left_in_phase_ == 0) {
    bad_times_ = !bad_times_;
    left_in_phase_ = bad_times_ ? between(30, 60) : between(10, 30);
  }
  --left_in_phase_;
  return bad_times_ ? between(1, 8) != 1 : between(1, 10) == 1;
}

Failure FlakyService::make_failure() {
  const auto& kind = failure_kinds[static_cast<std::size_t>(between(0, 3))];
  Failure failure;
  failure.message = kind.message;
  failure.minimum_delay = kind.minimum_delay;
  failure.notes = {std::string(kind.note), "http_client: read_response(), after the status line",
                   "page_loader: fetch_page(), one of the retry loop",
                   "retry_loop: run by the soak, seeded and repeatable"};
  return failure;
}

Page FlakyService::make_page() {
  Page page;
  page.body.reserve(page_bytes);
  while (page.body.size() < page_bytes) {
    const auto bits = random_();
    for (int shift = 0; shift < 64; shift += 4) page.body += "0123456789abcdef"[(bits >> shift) & 15];
  }
  page.checksum = checksum_of(page.body);
  return page;
}

int FlakyService::between(int lowest, int highest) {
  return std::uniform_int_distribution<int>(lowest, highest)(random_);
}

OperationInfo describe_request(std::uint64_t number) {
  OperationInfo info;
  info.operation = "fetch_page";
  info.url = fmt::format("https://media.example/api/v2/channels/nature/pages/{:08}?fields=all", number);
  info.headers = {{"accept", "application/json;q=1.0, text/html;q=0.4, */*;q=0.1"},
                  {"accept-language", "en, de;q=0.8, fr;q=0.6, pt-BR;q=0.5, ja;q=0.3"},
                  {"user-agent", "soak-retry-loop/1.0 (a scenario; nothing leaves this process)"},
                  {"x-request-id", fmt::format("{:08}-retry-loop-{:08}", number, number)}};
  // What a cookie-ridden service makes its clients carry; it brings a report to the usual few KB.
  info.headers.emplace_back("x-session-state", std::string(1500, 's'));
  return info;
}

}  // namespace recovery
