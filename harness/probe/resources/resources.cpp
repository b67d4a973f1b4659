#include "probe/resources/resources.hpp"

#include <errno.h>
#include <unistd.h>

#include "probe/own_calls.hpp"
#include "probe/sites/shadow.hpp"

namespace soak::probe {
namespace {

constinit ResourceTables* tables = nullptr;

constinit pthread_key_t thread_end_key = 0;

/// In a forked child, the thread that forked has its parent's entry, which is not there.
void keep_thread_end(void* thread) noexcept {
  if (auto* const followed = followed_resources()) followed->threads.ended(*static_cast<StartedThread*>(thread));
}

void let_go_unmapped(MappingTable& mappings) noexcept {
  const MappingTable::Exclusive exclusive(mappings);
  mappings.let_go_unmapped();
}

void settle(layout::SiteKind kind, std::int64_t all, std::int64_t known) noexcept {
  if (all != layout::absent) settle_unknown(kind, all - known);
}

}  // namespace

void start_resources(layout::RegionHeader& region) noexcept {
  if (attached.sites == nullptr) return;
  tables = static_cast<ResourceTables*>(own::map(sizeof(ResourceTables)));
  if (tables == nullptr) return;
  tables->region = &region;
  tables->thread_ends_are_seen = pthread_key_create(&thread_end_key, &keep_thread_end) == 0;
}

void watch_end_of(StartedThread& thread) noexcept { pthread_setspecific(thread_end_key, &thread); }

ResourceTables* followed_resources() noexcept {
  const auto* const region = attached.region;
  if (attached.sites == nullptr || tables == nullptr || region->owner_pid.load() != getpid()) return nullptr;
  return tables;
}

void count_overflow(ResourceTables& from, layout::SiteKind kind) noexcept {
  auto& header = *layout::section_begin<layout::SitesHeader>(*from.region, layout::SectionId::site_header);
  ++header.resource_overflows[static_cast<std::uint32_t>(kind)];
}

void settle_resources(const layout::Reading& reading) noexcept {
  auto* const followed = followed_resources();
  if (followed == nullptr) return;
  const int saved_errno = errno;
  followed->descriptors.let_go_closed();
  followed->children.let_go_ended();
  let_go_unmapped(followed->mappings);
  settle(layout::SiteKind::descriptor, reading.open_files, followed->descriptors.count());
  settle(layout::SiteKind::thread, reading.threads, followed->threads.running());
  settle(layout::SiteKind::child, reading.children, followed->children.count());
  errno = saved_errno;
}

OwnMemory resources_memory() noexcept {
  if (attached.sites == nullptr || tables == nullptr) return {};
  return {resident_bytes(tables, sizeof(ResourceTables)), static_cast<std::int64_t>(sizeof(ResourceTables))};
}

}  // namespace soak::probe
