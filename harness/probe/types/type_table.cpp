#include "probe/types/type_table.hpp"

#include <errno.h>
#include <soak/counted_type.h>
#include <string.h>

#include "probe/checkpoint_thinning.hpp"
#ifndef SOAK_PROBE_WITHOUT_HOOKS
#include "probe/types/vtable_scan.hpp"
#endif

namespace soak::probe {
namespace {

constinit CheckpointThinning thinning(2);

TypesHeader* header_of(RegionHeader& region) noexcept {
  return section_begin<TypesHeader>(region, SectionId::type_header);
}

std::uint32_t capacity_of(const RegionHeader& region, SectionId id) noexcept {
  return region.sections[static_cast<std::size_t>(id)].capacity;
}

TypePoint* points_of(RegionHeader& region, std::uint32_t checkpoint) noexcept {
  return section_begin<TypePoint>(region, SectionId::type_points) +
         std::size_t{checkpoint} * capacity_of(region, SectionId::types);
}

void give_up_every_second(RegionHeader& region, TypesHeader& header) noexcept {
  auto* const checkpoints = section_begin<TypeCheckpoint>(region, SectionId::type_checkpoints);
  const auto count = header.checkpoint_count.load(std::memory_order_relaxed);
  for (std::uint32_t i = 2; i < count; i += 2) {
    memcpy(static_cast<void*>(points_of(region, i / 2)), points_of(region, i),
           checkpoints[i].type_count * sizeof(TypePoint));
    checkpoints[i / 2] = checkpoints[i];
  }
  header.checkpoint_count.store((count + 1) / 2, std::memory_order_release);
}

struct Copy {
  RegionHeader& region;
  TypePoint* points;
};

/// The same class in two libraries that hide their symbols counts in two places.
void add_counted(soak_counted_type* counted, void* context) noexcept {
  auto& type = *counted;
  const auto& copy = *static_cast<Copy*>(context);
  if (type.index < 0) type.index = type_index(copy.region, type.name, TypeSource::counted);
  if (type.index < 0) return;
  auto& point = copy.points[type.index];
  const auto live = __atomic_load_n(&type.live, __ATOMIC_RELAXED);
  point.count += live;
  point.bytes += live * static_cast<std::int64_t>(type.object_bytes);
}

/// Its name goes in before its number is given out.
std::int64_t add_type(RegionHeader& region, TypesHeader& header, const char* name, TypeSource source) noexcept {
  const auto index = header.type_count.load(std::memory_order_relaxed);
  const auto offset = header.name_bytes.load(std::memory_order_relaxed);
  const auto bytes = static_cast<std::uint32_t>(strlen(name)) + 1;
  if (index >= capacity_of(region, SectionId::types) || bytes > capacity_of(region, SectionId::type_names) - offset) {
    ++header.overflows;
    return -1;
  }
  memcpy(section_begin<char>(region, SectionId::type_names) + offset, name, bytes);
  header.name_bytes.store(offset + bytes, std::memory_order_relaxed);
  section_begin<TypeEntry>(region, SectionId::types)[index] = {offset, source};
  header.type_count.store(index + 1, std::memory_order_release);
  return index;
}

}  // namespace

std::int64_t type_index(RegionHeader& region, const char* name, TypeSource source) noexcept {
  auto& header = *header_of(region);
  const auto* const names = section_begin<char>(region, SectionId::type_names);
  const auto* const types = section_begin<TypeEntry>(region, SectionId::types);
  const auto count = header.type_count.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < count; ++i)
    if (types[i].source == source && strcmp(names + types[i].name_offset, name) == 0) return i;
  return add_type(region, header, name, source);
}

void forget_type_checkpoints(RegionHeader& region) noexcept {
  thinning.restart();
  if (auto* const header = header_of(region)) {
    header->checkpoint_count.store(0, std::memory_order_release);
    header->moments.store(0);
  }
}

void keep_type_checkpoint(RegionHeader& region, const Reading& reading) noexcept {
  auto* const header = header_of(region);
  if (header == nullptr || reading.kind == ReadingKind::labelled) return;
  const auto capacity = capacity_of(region, SectionId::type_checkpoints);
  if (!thinning.takes(reading.kind, header->checkpoint_count, capacity,
                      [&] { give_up_every_second(region, *header); }))
    return;
  const int saved_errno = errno;
  const auto place = header->checkpoint_count.load(std::memory_order_relaxed);
  auto* const points = points_of(region, place);
  // Of a loop before, or of a reading that was given up. A type that comes later has never been counted here.
  memset(static_cast<void*>(points), 0, header->type_count * sizeof(TypePoint));
  Copy copy{region, points};
  soak_probe_visit_types(&add_counted, &copy);
#ifndef SOAK_PROBE_WITHOUT_HOOKS
  count_by_vtable(region, reading.kind, points);
#endif
  section_begin<TypeCheckpoint>(region, SectionId::type_checkpoints)[place] = {
      reading.iteration, reading.monotonic_ns, reading.kind, header->type_count};
  header->checkpoint_count.store(place + 1, std::memory_order_release);
  errno = saved_errno;
}

}  // namespace soak::probe
