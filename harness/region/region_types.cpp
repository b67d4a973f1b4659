#include "region/region_types.hpp"

#include "region/layout/type_layout.hpp"
#include "region/region_file.hpp"

namespace soak::region {
namespace {

using layout::ReadingKind;
using layout::SectionId;

std::string name_at(const RegionFile& region, std::size_t offset) {
  std::string name;
  for (const auto size = region.count<char>(SectionId::type_names); offset < size; ++offset) {
    char letter = '\0';
    region.read(letter, SectionId::type_names, offset);
    if (letter == '\0') break;
    name += letter;
  }
  return name;
}

/// Where all live blocks were looked at, a type of which none was found had none; a class that counts itself had none
/// before it was there.
bool is_counted_at(layout::TypeSource source, ReadingKind kind) {
  return source == layout::TypeSource::counted || kind == ReadingKind::baseline || kind == ReadingKind::final ||
         kind == ReadingKind::ended;
}

record::LivePoint point_at(const RegionFile& region, std::size_t checkpoint, std::size_t type) {
  const auto reading = region.get<layout::TypeCheckpoint>(SectionId::type_checkpoints, checkpoint);
  const auto at = checkpoint * region.count<layout::TypeEntry>(SectionId::types) + type;
  record::LivePoint point{reading->iteration, 0, 0};
  if (type >= reading->type_count || at >= region.count<layout::TypePoint>(SectionId::type_points)) return point;
  const auto counted = region.get<layout::TypePoint>(SectionId::type_points, at);
  point.bytes = counted->bytes;
  point.count = counted->count;
  return point;
}

RegionType to_type(const RegionFile& region, std::size_t number, std::size_t checkpoints) {
  const auto entry = region.get<layout::TypeEntry>(SectionId::types, number);
  RegionType type;
  type.name = name_at(region, entry->name_offset);
  type.source =
      entry->source == layout::TypeSource::vtable ? record::TypeSource::vtable : record::TypeSource::counted;
  for (std::size_t i = 0; i < checkpoints; ++i) {
    const auto reading = region.get<layout::TypeCheckpoint>(SectionId::type_checkpoints, i);
    if (is_counted_at(entry->source, reading->kind)) type.history.push_back(point_at(region, i, number));
  }
  return type;
}

}  // namespace

RegionTypes read_region_types(const std::filesystem::path& file) {
  const auto region = RegionFile::load(file);
  if (region == nullptr || region->count<layout::TypesHeader>(SectionId::type_header) == 0) return {};
  const auto header = region->get<layout::TypesHeader>(SectionId::type_header, 0);
  const auto count =
      std::min<std::size_t>(header->type_count.load(), region->count<layout::TypeEntry>(SectionId::types));
  const auto checkpoints = std::min<std::size_t>(header->checkpoint_count.load(),
                                                 region->count<layout::TypeCheckpoint>(SectionId::type_checkpoints));
  RegionTypes read{text_of(header->vtables_unavailable), header->overflows.load(), {}};
  for (std::size_t i = 0; i < count; ++i) read.types.push_back(to_type(*region, i, checkpoints));
  return read;
}

}  // namespace soak::region
