// Names of scenarios: the part that stays the same when a scenario runs with other iterations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace soak::record {

/// `RetryLoop/adaptive/iterations:1000/real_time` is `RetryLoop/adaptive`. `/threads:N` stays: it is another
/// scenario. Only what Google Benchmark appends is dropped; the same words further left belong to the name.
[[nodiscard]] std::string identity_of(std::string_view benchmark_name);

/// The N of `/iterations:N`; empty if there is none, or if it is not a positive number.
[[nodiscard]] std::optional<std::int64_t> iterations_in(std::string_view benchmark_name);
/// The N of `/threads:N`; 1 if there is none.
[[nodiscard]] int threads_in(std::string_view benchmark_name);

/// `text` as a POSIX extended regular expression that matches just it.
[[nodiscard]] std::string escaped_for_filter(std::string_view text);

/// A POSIX extended regular expression for --benchmark_filter which matches exactly this scenario, at any iterations.
[[nodiscard]] std::string exact_filter(std::string_view identity);

/// A name for files: [A-Za-z0-9._-] only, at most 128 bytes, no leading dot, different for different identities.
[[nodiscard]] std::string file_name_of(std::string_view identity);

/// The name of a label in counters: [a-z0-9_]. Every other byte is an underscore; never empty. The fixture does the
/// same.
[[nodiscard]] std::string slug_of(std::string_view label);

}  // namespace soak::record
