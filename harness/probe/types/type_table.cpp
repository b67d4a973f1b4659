#include "probe/types/type_table.hpp"

#include <errno.h>
#include <sched.h>
#include <soak/counted_type.h>
#include <string.h>

#include <atomic>

#include "probe/checkpoint_thinning.hpp"
#include "probe/types/vtable_scan.hpp"

namespace soak::probe {
namespace {

constinit CheckpointThinning thinning(2);

layout::TypesHeader* header_of(layout::RegionHeader& region) noexcept {
  return layout::section_begin<layout::TypesHeader>(region, layout::SectionId::type_header);
}

std::uint32_t capacity_of(const layout::RegionHeader& region, layout::SectionId id) noexcept {
  return region.sections[static_cast<std::size_t>(id)].capacity;
}

layout::TypePoint* points_of(layout::RegionHeader& region, std::uint32_t checkpoint) noexcept {
  return layout::section_begin<layout::TypePoint>(region, layout::SectionId::type_points) +
         std::size_t{checkpoint} * capacity_of(region, layout::SectionId::types);
}

void give_up_every_second(layout::RegionHeader& region, layout::TypesHeader& header) noexcept {
  auto* const checkpoints =
      layout::section_begin<layout::TypeCheckpoint>(region, layout::SectionId::type_checkpoints);
  const auto count = header.checkpoint_count.load(std::memory_order_relaxed);
  for (std::uint32_t i = 2; i < count; i += 2) {
    memcpy(static_cast<void*>(points_of(region, i / 2)), points_of(region, i),
           checkpoints[i].type_count * sizeof(layout::TypePoint));
    checkpoints[i / 2] = checkpoints[i];
  }
  header.checkpoint_count.store((count + 1) / 2, std::memory_order_release);
}

struct Copy {
  layout::RegionHeader& region;
  layout::TypePoint* points;
};

/// The same class in two libraries that hide their symbols counts in two places.
void add_counted(soak_counted_type* counted, void* context) noexcept {
  auto& type = *counted;
  const auto& copy = *static_cast<Copy*>(context);
  if (type.index < 0) type.index = type_index(copy.region, type.name, layout::TypeSource::counted);
  if (type.index < 0) return;
  auto& point = copy.points[type.index];
  const auto live = __atomic_load_n(&type.live, __ATOMIC_RELAXED);
  point.count += live;
  point.bytes += live * static_cast<std::int64_t>(type.object_bytes);
}

/// Its name goes in before its number is given out.
std::int64_t add_type(layout::RegionHeader& region, layout::TypesHeader& header, const char* name,
                      layout::TypeSource source) noexcept {
  const auto index = header.type_count.load(std::memory_order_relaxed);
  const auto offset = header.name_bytes.load(std::memory_order_relaxed);
  const auto bytes = static_cast<std::uint32_t>(strlen(name)) + 1;
  if (index >= capacity_of(region, layout::SectionId::types) ||
      bytes > capacity_of(region, layout::SectionId::type_names) - offset) {
    ++header.overflows;
    return -1;
  }
  memcpy(layout::section_begin<char>(region, layout::SectionId::type_names) + offset, name, bytes);
  header.name_bytes.store(offset + bytes, std::memory_order_relaxed);
  layout::section_begin<layout::TypeEntry>(region, layout::SectionId::types)[index] = {offset, source};
  header.type_count.store(index + 1, std::memory_order_release);
  return index;
}

}  // namespace

std::int64_t type_index(layout::RegionHeader& region, const char* name, layout::TypeSource source) noexcept {
  auto& header = *header_of(region);
  const auto* const names = layout::section_begin<char>(region, layout::SectionId::type_names);
  const auto* const types = layout::section_begin<layout::TypeEntry>(region, layout::SectionId::types);
  const auto count = header.type_count.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < count; ++i)
    if (types[i].source == source && strcmp(names + types[i].name_offset, name) == 0) return i;
  return add_type(region, header, name, source);
}

void forget_type_checkpoints(layout::RegionHeader& region) noexcept {
  thinning.restart();
  if (auto* const header = header_of(region)) {
    header->checkpoint_count.store(0, std::memory_order_release);
    header->moments.store(0);
  }
}

void keep_type_checkpoint(layout::RegionHeader& region, const layout::Reading& reading) noexcept {
  auto* const header = header_of(region);
  if (header == nullptr || reading.kind == layout::ReadingKind::labelled) return;
  const auto capacity = capacity_of(region, layout::SectionId::type_checkpoints);
  if (!thinning.takes(reading.kind, header->checkpoint_count, capacity,
                      [&] { give_up_every_second(region, *header); }))
    return;
  const int saved_errno = errno;
  const auto place = header->checkpoint_count.load(std::memory_order_relaxed);
  auto* const points = points_of(region, place);
  // Of a loop before, or of a reading that was given up. A type that comes later has never been counted here.
  memset(static_cast<void*>(points), 0, header->type_count * sizeof(layout::TypePoint));
  Copy copy{region, points};
  soak_probe_visit_types(&add_counted, &copy);
#ifndef SOAK_PROBE_WITHOUT_HOOKS
  count_by_vtable(region, reading.kind, points);
#endif
  layout::section_begin<layout::TypeCheckpoint>(region, layout::SectionId::type_checkpoints)[place] = {
      reading.iteration, reading.monotonic_ns, reading.kind, header->type_count};
  header->checkpoint_count.store(place + 1, std::memory_order_release);
  errno = saved_errno;
}

}  // namespace soak::probe

namespace {

constinit std::atomic_flag lock;
constinit soak_counted_type* first = nullptr;

/// No reading happens in a signal handler, but one may come at the process's end: it does not wait forever.
bool try_lock() noexcept {
  for (int attempt = 0; attempt < 1'000'000; ++attempt) {
    if (!lock.test_and_set(std::memory_order_acquire)) return true;
    sched_yield();
  }
  return false;
}
void unlock() noexcept { lock.clear(std::memory_order_release); }

}  // namespace

extern "C" __attribute__((visibility("default"))) void soak_probe_add_type(soak_counted_type* type) {
  if (!try_lock()) return;
  type->index = -1;
  type->next = first;
  first = type;
  unlock();
}

extern "C" __attribute__((visibility("default"))) void soak_probe_visit_types(void (*visit)(soak_counted_type* type,
                                                                                            void* context),
                                                                              void* context) {
  if (!try_lock()) return;
  for (auto* type = first; type != nullptr; type = type->next) visit(type, context);
  unlock();
}

extern "C" __attribute__((visibility("default"))) void soak_probe_remove_type(soak_counted_type* type) {
  if (!try_lock()) return;
  for (auto** at = &first; *at != nullptr; at = &(*at)->next)
    if (*at == type) {
      *at = type->next;
      break;
    }
  unlock();
}
