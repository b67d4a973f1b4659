#include "probe/sites/call_sites.hpp"

namespace soak::probe {

constinit std::atomic<std::uint32_t> code_generation{0};

namespace {

/// See keep_in_mind_where_main_is_called. Other stacks lie below the first thread's.
constinit std::atomic<std::uint64_t> unchanging{UINT64_MAX};

/// Forgets what another thread, or code that is gone, left there; true where it did.
bool make_own(StackMemory& memory) noexcept {
  const auto thread = thread_address();
  const auto generation = code_generation.load(std::memory_order_relaxed);
  if (memory.thread == thread && memory.generation == generation) [[likely]]
    return false;
  if (memory.thread != thread) memory.own = own_stack();
  memory.thread = thread;
  memory.generation = generation;
  memory.depth = 0;
  return true;
}

/// Leaves depth 0 where the stack is not to be remembered. Only the heap's sites are: resources are rare.
std::uint32_t walked_site(CallSites& sites, StackMemory& memory, const Registers& caller,
                          layout::SiteKind kind) noexcept {
  const bool may_be_remembered = walk(memory, caller, sites.rules);
  auto site = kind == layout::SiteKind::heap ? memory.site : 0;
  if (site == 0) site = sites.table.site_of(memory, kind);
  if (kind == layout::SiteKind::heap) memory.site = site;
  if (!may_be_remembered) [[unlikely]] {
    memory.depth = 0;
    memory.site = 0;
  }
  return site;
}

__attribute__((noinline, cold)) std::uint32_t site_by_spare(CallSites& sites, const Registers& caller,
                                                            layout::SiteKind kind) noexcept {
  if (sites.is_spare_in_use.test_and_set(std::memory_order_acquire)) return layout::unknown_site_of(kind);
  sites.spare.thread = 0;
  make_own(sites.spare);
  const auto site = walked_site(sites, sites.spare, caller, kind);
  sites.is_spare_in_use.clear(std::memory_order_release);
  return site;
}

/// What belongs to the calling thread, in order, and found again by own_sites if it has counters of its own; null
/// where it has no slot.
ThreadSites* prepared_sites(CallSites& sites) noexcept {
  auto* const slot = own_slot;
  if (slot == nullptr) return nullptr;
  const auto number = static_cast<std::size_t>(slot - sites.slots);
  auto& own = sites.threads[number];
  const auto table = table_of(sites, slot);
  own.shadow = &sites.shadow;
  own.slot = slot;
  own.counters = table.sites;
  own.recent.begin();
  own_sites = table.is_shared ? nullptr : &own;
  return &own;
}

std::uint32_t site_by_walk(CallSites& sites, ThreadSites& own, const Registers& caller,
                           layout::SiteKind kind) noexcept {
  auto& memory = own.memory;
  if (memory.is_busy) [[unlikely]]
    return site_by_spare(sites, caller, kind);
  // A signal handler on this thread must see the flag for as long as the memory is in the making.
  memory.is_busy = true;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  if (make_own(memory)) [[unlikely]]
    own.recent.forget_all();
  const auto site = walked_site(sites, memory, caller, kind);
  if (memory.depth > 0 && kind == layout::SiteKind::heap) own.recent.keep(memory, caller, site, unchanging);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  memory.is_busy = false;
  return site;
}

}  // namespace

std::uint32_t find_site(CallSites& sites, const Registers& caller, layout::SiteKind kind) noexcept {
  auto* const own = prepared_sites(sites);
  return own == nullptr ? site_by_spare(sites, caller, kind) : site_by_walk(sites, *own, caller, kind);
}

void forget_code(RuleCache& rules) noexcept {
  code_generation.fetch_add(1, std::memory_order_relaxed);
  rules.forget_all();
}

void forget_closed_code() noexcept {
  if (auto* const sites = attached.sites) forget_code(sites->rules);
}

void keep_in_mind_where_main_is_called(std::uint64_t frame) noexcept {
  unchanging = frame != 0 ? frame : UINT64_MAX;
  if (frame == 0) code_generation.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace soak::probe
