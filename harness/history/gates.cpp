#include "history/gates.hpp"

namespace soak::history {
namespace {

/// As much as the metric may be. A percentage of nothing, or of less, is nothing.
double most_allowed(const config::Gate& gate, double base) {
  if (gate.amount) return base + *gate.amount;
  return base + (base > 0 ? base * *gate.percent / 100 : 0);
}

GateOutcome outcome_of(const config::Gate& gate, const MetricChange& change) {
  switch (change.outcome) {
    case Outcome::same:
    case Outcome::better:
      return GateOutcome::kept;
    case Outcome::worse:
      return *change.head > most_allowed(gate, *change.base) ? GateOutcome::broken : GateOutcome::kept;
    case Outcome::too_few_repetitions:
    case Outcome::refused:
    case Outcome::not_measured:
      break;
  }
  return GateOutcome::undecided;
}

}  // namespace

void apply_gate(const config::Gate& gate, MetricChange& change) {
  change.gate_limit = gate.text;
  change.gate = outcome_of(gate, change);
}

}  // namespace soak::history
