// A region as a file: its bytes, and the entries of its sections that lie wholly inside. Never reads beyond the file,
// whatever stands in it.
#pragma once

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "region/layout/region_layout.hpp"

namespace soak::region {

/// The file's bytes, and the entries of its sections that lie wholly inside.
class RegionFile {
 public:
  /// Null where there is no region of this version: missing, too short, not a file, or somebody else's.
  [[nodiscard]] static std::unique_ptr<RegionFile> load(const std::filesystem::path& file);

  [[nodiscard]] const layout::RegionHeader& header() const { return header_; }

  /// As many as the section has room for and the file goes.
  template <typename Entry>
  [[nodiscard]] std::size_t count(layout::SectionId id) const {
    const auto& section = header_.sections[static_cast<std::size_t>(id)];
    if (section.entry_bytes != sizeof(Entry) || section.offset > bytes_.size()) return 0;
    return std::min<std::size_t>(section.capacity, (bytes_.size() - section.offset) / sizeof(Entry));
  }
  /// Precondition: index < count<Entry>(id).
  template <typename Entry>
  [[nodiscard]] std::unique_ptr<Entry> get(layout::SectionId id, std::size_t index) const {
    auto entry = std::make_unique<Entry>();
    read(*entry, id, index);
    return entry;
  }
  template <typename Entry>
  void read(Entry& entry, layout::SectionId id, std::size_t index) const {
    const auto& section = header_.sections[static_cast<std::size_t>(id)];
    std::memcpy(static_cast<void*>(&entry), bytes_.data() + section.offset + index * sizeof(Entry), sizeof(Entry));
  }

 private:
  std::vector<char> bytes_;
  layout::RegionHeader header_;
};

/// Of a field that need not be terminated.
template <std::size_t size>
[[nodiscard]] std::string text_of(const char (&text)[size]) {
  return {text, strnlen(text, size)};
}

}  // namespace soak::region
