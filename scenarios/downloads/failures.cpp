#include <downloads/failures.hpp>
#include <utility>

namespace downloads {

recovery::Failure temporary_failure(std::string message) {
  recovery::Failure failure;
  failure.message = std::move(message);
  return failure;
}

recovery::Failure permanent_failure(std::string message) {
  auto failure = temporary_failure(std::move(message));
  failure.retryable = false;
  return failure;
}

recovery::Failure transfer_failure(CURLcode code, const std::string& details) {
  const auto message = details.empty() ? std::string(curl_easy_strerror(code)) : details;
  const bool request_is_wrong = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
  return request_is_wrong ? permanent_failure(message) : temporary_failure(message);
}

recovery::Failure status_failure(const ResponseHead& head) {
  const bool passes = head.status == 408 || head.status == 429 || head.status >= 500;
  const auto message = "the server answered " + std::to_string(head.status);
  auto failure = passes ? temporary_failure(message) : permanent_failure(message);
  failure.minimum_delay = head.retry_after.value_or(std::chrono::seconds(0));
  return failure;
}

}  // namespace downloads
