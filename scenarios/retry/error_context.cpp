#include "retry/error_context.hpp"

#include <fmt/format.h>

#include <iterator>

namespace recovery {
namespace {

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

void ErrorContext::add_attempt(AttemptRecord attempt) {
  if (history.size() == kept_attempts) history.erase(history.begin());
  history.push_back(std::move(attempt));
}

std::string format_error(const ErrorContext& error) {
  std::string text;
  auto out = std::back_inserter(text);
  fmt::format_to(out, "{} {} failed after {} attempts in {:.3f} s: {}\n", error.info.operation, error.info.url,
                 error.attempts, seconds(error.failed_at - error.started_at), error.message);
  for (const auto& attempt : error.history)
    fmt::format_to(out, "  attempt {} at {:.3f} s: {}\n", attempt.number,
                   seconds(attempt.failed_at - error.started_at), attempt.message);
  for (const auto& [name, value] : error.info.headers) fmt::format_to(out, "  {}: {}\n", name, value);
  for (const auto& note : error.notes) fmt::format_to(out, "  in {}\n", note);
  return text;
}

}  // namespace recovery
