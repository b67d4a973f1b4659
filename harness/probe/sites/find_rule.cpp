#include "probe/sites/find_rule.hpp"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "probe/counters.hpp"
#include "probe/sites/cfi.hpp"
#include "probe/sites/machine.hpp"
#include "probe/sites/modules.hpp"
#include "probe/sites/sites.hpp"
#include "probe/sites/stack_bounds.hpp"

namespace soak::probe {
namespace {

/// Where no module says so, the code itself does: an emulator's, an older kernel's or a statically linked one's.
bool returns_from_signal(std::uint64_t address) noexcept {
  constexpr auto bytes = sizeof(signal_return_code);
  return is_readable(address, address + bytes) &&
         memcmp(reinterpret_cast<const void*>(address), signal_return_code, bytes) == 0;
}

FrameRule rule_without_module(std::uint64_t return_address) noexcept {
  FrameRule rule;
  if (returns_from_signal(return_address)) rule.cfa = CfaRule::signal_frame;
  return rule;
}

FrameRule rule_in_module(std::uint64_t return_address, RuleCache& rules) noexcept {
  dl_find_object object{};
  // One less: a call that never returns may be a function's last instruction.
  const auto call = return_address - 1;
  if (_dl_find_object(reinterpret_cast<void*>(call), &object) != 0) return rule_without_module(return_address);
  bool is_new_module = false;
  const auto module = attached.region == nullptr ? 0 : module_number(*attached.region, object, is_new_module);
  // It may lie where another was that was closed without our knowing.
  if (is_new_module) forget_code(rules);
  FrameRule rule;
  if (object.dlfo_eh_frame != nullptr) rule = find_frame_rule(object.dlfo_eh_frame, call);
  rule.module = module;
  return rule;
}

}  // namespace

PackedRule find_rule(std::uint64_t return_address, RuleCache& rules) noexcept {
  const int saved_errno = errno;
  const auto rule = pack(rule_in_module(return_address, rules));
  rules.keep(return_address, rule);
  errno = saved_errno;
  return rule;
}

}  // namespace soak::probe
