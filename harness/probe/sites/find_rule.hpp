// The slow way to a rule: the dynamic linker knows the module, its .eh_frame the rule.
#pragma once

#include "probe/sites/rule_cache.hpp"

namespace soak::probe {

/// The rule for the caller whose return address this is; kept in the cache. Never 0.
PackedRule find_rule(std::uint64_t return_address, RuleCache& rules) noexcept;

}  // namespace soak::probe
