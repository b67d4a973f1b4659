// Why an attempt failed, in the words of the retry library: is another one worth it, and not before when?
#pragma once

#include <curl/curl.h>

#include <downloads/response_head.hpp>
#include <retry/error_context.hpp>
#include <string>

namespace downloads {

/// Passes by itself: tried again.
[[nodiscard]] recovery::Failure temporary_failure(std::string message);
/// Stays as it is: given up at once.
[[nodiscard]] recovery::Failure permanent_failure(std::string message);

/// A transfer that ended with `code`, which is not CURLE_OK. `details` are libcurl's own, and may be empty.
[[nodiscard]] recovery::Failure transfer_failure(CURLcode code, const std::string& details);

/// A response whose status is an error: 408, 429 and 5xx pass, after Retry-After where the server gave one.
[[nodiscard]] recovery::Failure status_failure(const ResponseHead& head);

}  // namespace downloads
