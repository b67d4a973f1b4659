#include "run/live_figures.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>

#include "region/layout/region_layout.hpp"

namespace soak::run {
namespace {

using layout::Reading;
using layout::RegionHeader;

class ReadOnlyFile {
 public:
  explicit ReadOnlyFile(const std::filesystem::path& file) : descriptor_(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~ReadOnlyFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  ReadOnlyFile(const ReadOnlyFile&) = delete;
  ReadOnlyFile& operator=(const ReadOnlyFile&) = delete;

  /// False where the file ends before.
  template <typename Value>
  bool read(Value& value, std::uint64_t offset) const {
    return descriptor_ >= 0 && pread(descriptor_, static_cast<void*>(&value), sizeof(value),
                                     static_cast<off_t>(offset)) == static_cast<ssize_t>(sizeof(value));
  }

 private:
  int descriptor_;
};

std::optional<std::int64_t> measured(std::int64_t value) {
  return value == layout::absent ? std::nullopt : std::optional(value);
}

std::optional<std::int64_t> last_iteration(const ReadOnlyFile& file, const RegionHeader& header) {
  const auto& section = header.sections[static_cast<std::size_t>(layout::SectionId::readings)];
  const auto count = std::min(header.reading_count.load(), section.capacity);
  Reading reading;
  if (count == 0 || section.entry_bytes != sizeof(Reading)) return {};
  if (!file.read(reading, section.offset + (count - 1) * sizeof(Reading))) return {};
  return measured(reading.iteration);
}

std::optional<std::int64_t> resident_bytes(std::int32_t process) {
  std::ifstream statm(fmt::format("/proc/{}/statm", process));
  std::int64_t total_pages = 0, resident_pages = 0;
  if (process <= 0 || !(statm >> total_pages >> resident_pages)) return {};
  return resident_pages * sysconf(_SC_PAGESIZE);
}

}  // namespace

LiveFigures live_figures(const std::filesystem::path& region) {
  const ReadOnlyFile file(region);
  RegionHeader header;
  if (!file.read(header, 0) || header.magic != layout::region_magic || header.version != layout::region_version)
    return {};
  LiveFigures figures;
  figures.iterations = last_iteration(file, header);
  figures.planned_iterations = measured(header.planned_iterations);
  if (header.heap_is_counted == 1) figures.heap_bytes = header.carried_bytes.load();
  figures.rss_bytes = resident_bytes(header.owner_pid.load());
  return figures;
}

}  // namespace soak::run
