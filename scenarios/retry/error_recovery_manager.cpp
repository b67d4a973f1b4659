#include "retry/error_recovery_manager.hpp"

#include <stdexcept>
#include <utility>

namespace recovery {
namespace {

std::unique_ptr<RetryStrategy> required(std::unique_ptr<RetryStrategy> strategy) {
  if (!strategy) throw std::invalid_argument("an ErrorRecoveryManager needs a strategy");
  return strategy;
}

}  // namespace

ErrorRecoveryManager::ErrorRecoveryManager(std::unique_ptr<RetryStrategy> strategy, Clock& clock,
                                           std::size_t kept_reports)
    : strategy_(required(std::move(strategy))), clock_(clock), log_(kept_reports) {}

Recovery ErrorRecoveryManager::start(OperationInfo info) {
  return Recovery(*strategy_, clock_, log_, active_, std::move(info));
}

bool ErrorRecoveryManager::run(Recovery& recovery, const AttemptFunction& attempt) {
  while (true) {
    if (recovery.begin_attempt()) {
      recovery.give_up("refused: " + std::string(strategy_->name()) + " lets no attempt through for now");
      return false;
    }
    auto failure = attempt();
    if (!failure) {
      recovery.succeeded();
      return true;
    }
    const auto next = recovery.failed(std::move(*failure));
    if (!next) return false;
    clock_.sleep_for(*next - clock_.now());
  }
}

}  // namespace recovery
