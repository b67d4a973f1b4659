// The rules for what was sampled over time: see time_rules.cpp. `iteration` is whole seconds there.
#pragma once

#include "verdict/evidence.hpp"

namespace soak::verdict {

void judge_over_time(const Evidence& evidence, Judgement& judgement);
/// Figures an iteration are figures a second.
void fill_figures_over_time(const Evidence& evidence, ScenarioVerdict& verdict);

}  // namespace soak::verdict
