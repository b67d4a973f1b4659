#include "probe/sites/sites.hpp"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "probe/next_allocator.hpp"
#include "probe/sites/resident.hpp"
#include "probe/sites/shadow.hpp"
#include "probe/sites/site_table.hpp"

namespace soak::probe {

constinit std::atomic<std::uint32_t> code_generation{0};

/// All of it, in memory of its own: zero from the start, and pages only where something is.
struct CallSites {
  RegionHeader* region;
  ThreadSlot* slots;
  SiteCounters* counters;
  RuleCache rules;
  SiteTable table;
  Shadow shadow;
  StackMemory stacks[thread_slot_capacity];
  /// For threads without a slot, and for signal handlers that interrupted this very code.
  StackMemory spare;
  std::atomic_flag is_spare_in_use;
};

namespace {

/// The counters that a thread adds to: its own table's, or one shared with others.
struct Table {
  SiteCounters* sites;
  bool is_shared;

  void add(std::uint32_t site, std::int64_t allocations, std::int64_t frees, std::int64_t bytes,
           std::int64_t slack) const noexcept;
};

inline void add(std::int64_t& counter, std::int64_t amount, bool is_shared) noexcept {
  if (is_shared) [[unlikely]]
    __atomic_fetch_add(&counter, amount, __ATOMIC_RELAXED);
  else
    add_single_writer(counter, amount);
}

/// `slot` is null where the thread has none.
inline Table table_of(CallSites& sites, const ThreadSlot* slot) noexcept {
  constexpr std::uint32_t shared = site_table_count - 1;
  const auto index = slot == nullptr ? shared : static_cast<std::uint64_t>(slot - sites.slots);
  const auto number = index < shared ? index : shared;
  return {sites.counters + number * site_capacity, number == shared};
}

inline void count_in_slot(ThreadSlot* slot, std::int64_t allocations, std::int64_t frees,
                          std::int64_t bytes) noexcept {
  if (slot == nullptr) [[unlikely]]
    return count(allocations, frees, bytes);
  add_single_writer(slot->allocations, allocations);
  if (frees != 0) add_single_writer(slot->frees, frees);
  add_single_writer(slot->live_bytes, bytes);
  if (is_publishing_due(*slot)) [[unlikely]]
    publish(*attached.region, *slot);
}

/// Forgets what another thread, or code that is gone, left there.
void make_own(StackMemory& memory, std::uint64_t thread, std::uint32_t generation) noexcept {
  if (memory.thread != thread) memory.own = own_stack();
  memory.thread = thread;
  memory.generation = generation;
  memory.depth = 0;
}

std::uint32_t walked_site(CallSites& sites, StackMemory& memory, const Registers& caller) noexcept {
  const auto thread = static_cast<std::uint64_t>(pthread_self());
  const auto generation = code_generation.load(std::memory_order_relaxed);
  if (memory.thread != thread || memory.generation != generation) [[unlikely]]
    make_own(memory, thread, generation);
  const bool may_be_remembered = walk(memory, caller, sites.rules);
  if (memory.site == 0) memory.site = sites.table.site_of(memory);
  const auto site = memory.site;
  if (!may_be_remembered) [[unlikely]] {
    memory.depth = 0;
    memory.site = 0;
  }
  return site;
}

__attribute__((noinline, cold)) std::uint32_t site_by_spare(CallSites& sites, const Registers& caller) noexcept {
  if (sites.is_spare_in_use.test_and_set(std::memory_order_acquire)) return unknown_site;
  sites.spare.thread = 0;
  const auto site = walked_site(sites, sites.spare, caller);
  sites.is_spare_in_use.clear(std::memory_order_release);
  return site;
}

inline std::uint32_t site_of(CallSites& sites, const ThreadSlot* slot, const Registers& caller) noexcept {
  auto* const memory = slot == nullptr ? nullptr : &sites.stacks[slot - sites.slots];
  if (memory == nullptr || memory->is_busy) [[unlikely]]
    return site_by_spare(sites, caller);
  // A signal handler on this thread must see the flag for as long as the memory is in the making.
  memory->is_busy = true;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  const auto site = walked_site(sites, *memory, caller);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  memory->is_busy = false;
  return site;
}

inline void Table::add(std::uint32_t site, std::int64_t allocations, std::int64_t frees, std::int64_t bytes,
                       std::int64_t slack) const noexcept {
  auto& counters = sites[site];
  if (allocations != 0) {
    probe::add(counters.allocations, allocations, is_shared);
    probe::add(counters.allocated_bytes, allocations * bytes, is_shared);
  }
  if (frees != 0) {
    probe::add(counters.frees, frees, is_shared);
    probe::add(counters.freed_bytes, frees * bytes, is_shared);
  }
  if (slack != 0) probe::add(counters.live_slack_bytes, slack, is_shared);
}

std::uint32_t known(ShadowEntry entry) noexcept { return entry.bits == 0 ? unknown_site : entry.site(); }

CallSites* map_call_sites() noexcept {
  void* const memory =
      mmap(nullptr, sizeof(CallSites), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  madvise(memory, sizeof(CallSites), MADV_NOHUGEPAGE);
  madvise(memory, sizeof(CallSites), MADV_DONTFORK);
  return static_cast<CallSites*>(memory);
}

const char* why_not(const CallSites* sites) noexcept {
  if (!next.is_glibc) return "call sites need glibc's allocator underneath";
  return sites == nullptr ? "no address space for the tables of call sites" : nullptr;
}

}  // namespace

void forget_code(RuleCache& rules) noexcept {
  code_generation.fetch_add(1, std::memory_order_relaxed);
  rules.forget_all();
}

void forget_closed_code() noexcept {
  if (auto* const sites = attached.sites) forget_code(sites->rules);
}

void start_sites(RegionHeader& region) noexcept {
  auto* const header = section_begin<SitesHeader>(region, SectionId::site_header);
  if (header == nullptr) return;
  auto* const sites = map_call_sites();
  if (const auto* const reason = why_not(sites)) {
    strncpy(header->unavailable, reason, sizeof(header->unavailable) - 1);
    return;
  }
  sites->region = &region;
  sites->slots = section_begin<ThreadSlot>(region, SectionId::thread_slots);
  sites->counters = section_begin<SiteCounters>(region, SectionId::site_counters);
  sites->table.begin(region);
  const auto before = read_heap(region);
  auto& unknown = table_of(*sites, nullptr).sites[unknown_site];
  unknown.allocations = before.allocations;
  unknown.frees = before.frees;
  unknown.allocated_bytes = before.bytes;
  attached.sites = sites;
}

void* keep_allocation(void* block, std::size_t asked_bytes, const Registers& caller) noexcept {
  if (block == nullptr) return nullptr;
  auto* const sites = attached.sites;
  if (sites == nullptr) return block;
  const auto usable = usable_bytes(block);
  count_in_slot(own_slot, 1, 0, static_cast<std::int64_t>(usable));
  const auto* const slot = own_slot;
  auto site = site_of(*sites, slot, caller);
  auto* const place = sites->shadow.entry_for(block);
  const auto entry = ShadowEntry::of(place == nullptr ? unknown_site : site, usable - asked_bytes);
  if (place == nullptr) [[unlikely]]
    ++section_begin<SitesHeader>(*sites->region, SectionId::site_header)->shadow_failures;
  else
    *place = entry;
  table_of(*sites, slot)
      .add(entry.site(), 1, 0, static_cast<std::int64_t>(usable), place == nullptr ? 0 : entry.slack());
  return block;
}

TakenBlock take_block(void* block) noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return {};
  const auto usable = usable_bytes(block);
  const auto entry = sites->shadow.take(block);
  count_in_slot(own_slot, 0, 1, -static_cast<std::int64_t>(usable));
  table_of(*sites, own_slot).add(known(entry), 0, 1, static_cast<std::int64_t>(usable), -std::int64_t{entry.slack()});
  return {usable, entry.bits};
}

void put_back(void* block, const TakenBlock& taken) noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return;
  const ShadowEntry entry{taken.entry};
  if (entry.bits != 0) *sites->shadow.entry_for(block) = entry;
  take_back_free(taken.usable_bytes);
  table_of(*sites, own_slot).add(known(entry), 0, -1, static_cast<std::int64_t>(taken.usable_bytes), entry.slack());
}

OwnMemory sites_memory() noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return {};
  const auto shadow = sites->shadow.memory();
  return {shadow.resident_bytes + resident_bytes(sites, sizeof(CallSites)),
          shadow.virtual_bytes + static_cast<std::int64_t>(sizeof(CallSites))};
}

}  // namespace soak::probe
