#include "probe/resources/resources.hpp"

#include <errno.h>
#include <unistd.h>

#include "probe/own_calls.hpp"
#include "probe/sites/resident.hpp"

namespace soak::probe {
namespace {

constinit ResourceTables* tables = nullptr;

}  // namespace

void start_resources(RegionHeader& region) noexcept {
  if (attached.sites == nullptr) return;
  tables = static_cast<ResourceTables*>(own::map(sizeof(ResourceTables)));
  if (tables != nullptr) tables->region = &region;
}

ResourceTables* followed_resources() noexcept {
  const auto* const region = attached.region;
  if (attached.sites == nullptr || tables == nullptr || region->owner_pid.load() != getpid()) return nullptr;
  return tables;
}

void count_overflow(ResourceTables& from, SiteKind kind) noexcept {
  auto& header = *section_begin<SitesHeader>(*from.region, SectionId::site_header);
  ++header.resource_overflows[static_cast<std::uint32_t>(kind)];
}

void settle_resources(const Reading& reading) noexcept {
  auto* const followed = followed_resources();
  if (followed == nullptr) return;
  const int saved_errno = errno;
  followed->descriptors.let_go_closed();
  if (reading.open_files != absent)
    settle_unknown(SiteKind::descriptor, reading.open_files - followed->descriptors.count());
  errno = saved_errno;
}

OwnMemory resources_memory() noexcept {
  if (attached.sites == nullptr || tables == nullptr) return {};
  return {resident_bytes(tables, sizeof(ResourceTables)), static_cast<std::int64_t>(sizeof(ResourceTables))};
}

}  // namespace soak::probe
