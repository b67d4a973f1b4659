#include "region/region_file.hpp"

#include <fstream>

namespace soak::region {
namespace {

/// Tens of megabytes where call sites are on.
std::vector<char> bytes_of(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return {};  // A folder opens, and throws when read.
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  if (!stream) return {};
  std::vector<char> bytes(static_cast<std::size_t>(std::max<std::streamoff>(stream.tellg(), 0)));
  stream.seekg(0);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return bytes;
}

}  // namespace

std::unique_ptr<RegionFile> RegionFile::load(const std::filesystem::path& file) {
  auto region = std::make_unique<RegionFile>();
  region->bytes_ = bytes_of(file);
  if (region->bytes_.size() < sizeof(layout::RegionHeader)) return nullptr;
  std::memcpy(static_cast<void*>(&region->header_), region->bytes_.data(), sizeof(layout::RegionHeader));
  const auto& header = region->header_;
  const bool is_ours = header.magic == layout::region_magic && header.version == layout::region_version;
  return is_ours ? std::move(region) : nullptr;
}

}  // namespace soak::region
