#include "probe/sites/modules.hpp"

#include <elf.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "probe/next_allocator.hpp"
#include "probe/sites/sites.hpp"

namespace soak::probe {
namespace {

constinit std::atomic_flag entering;

/// Gives up after a while: the holder may be the very thread that a signal handler interrupted.
bool try_enter() noexcept {
  for (int attempt = 0; attempt < 10'000; ++attempt)
    if (!entering.test_and_set(std::memory_order_acquire)) return true;
  return false;
}

/// The note with the build-id among those in [at, end).
void copy_build_id(const char* at, const char* end, layout::ModuleEntry& entry) noexcept {
  while (static_cast<std::size_t>(end - at) >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    memcpy(&note, at, sizeof(note));
    const auto* const name = at + sizeof(note);
    const auto* const value = name + ((note.n_namesz + 3) & ~3u);
    if (value > end || note.n_descsz > static_cast<std::size_t>(end - value)) return;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(name, "GNU", 4) == 0) {
      entry.build_id_bytes = note.n_descsz < sizeof(entry.build_id) ? note.n_descsz : sizeof(entry.build_id);
      memcpy(entry.build_id, value, entry.build_id_bytes);
      return;
    }
    at = value + ((note.n_descsz + 3) & ~3u);
  }
}

/// The ELF header lies at the start of the mapping, its program headers in the same page.
void read_build_id(layout::ModuleEntry& entry) noexcept {
  const auto* const header = reinterpret_cast<const ElfW(Ehdr)*>(entry.begin);
  constexpr std::size_t page = 4096;
  if (entry.end - entry.begin < page || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_phoff + std::size_t{header->e_phnum} * sizeof(ElfW(Phdr)) > page)
    return;
  const auto* const segments = reinterpret_cast<const ElfW(Phdr)*>(entry.begin + header->e_phoff);
  for (int i = 0; i < header->e_phnum && entry.build_id_bytes == 0; ++i) {
    const auto begin = entry.load_bias + segments[i].p_vaddr;
    if (segments[i].p_type != PT_NOTE || begin < entry.begin || begin + segments[i].p_filesz > entry.end) continue;
    const auto* const notes = reinterpret_cast<const char*>(begin);
    copy_build_id(notes, notes + segments[i].p_filesz, entry);
  }
}

/// The program itself has no name in its link_map.
void copy_path(const char* name, layout::ModuleEntry& entry) noexcept {
  if (name != nullptr && *name != '\0')
    strncpy(entry.path, name, sizeof(entry.path) - 1);
  else if (readlink("/proc/self/exe", entry.path, sizeof(entry.path) - 1) < 0)
    entry.path[0] = '\0';
}

layout::ModuleEntry describe(const dl_find_object& object) noexcept {
  layout::ModuleEntry entry;
  entry.begin = reinterpret_cast<std::uint64_t>(object.dlfo_map_start);
  entry.end = reinterpret_cast<std::uint64_t>(object.dlfo_map_end);
  entry.load_bias = object.dlfo_link_map->l_addr;
  entry.generation = code_generation.load(std::memory_order_relaxed);
  copy_path(object.dlfo_link_map->l_name, entry);
  read_build_id(entry);
  return entry;
}

bool is_same(const layout::ModuleEntry& a, const layout::ModuleEntry& b) noexcept {
  return a.begin == b.begin && a.end == b.end && memcmp(a.build_id, b.build_id, sizeof(a.build_id)) == 0 &&
         strcmp(a.path, b.path) == 0;
}

std::uint32_t number_of(layout::RegionHeader& region, const layout::ModuleEntry& wanted, bool& is_new) noexcept {
  auto& header = *layout::section_begin<layout::SitesHeader>(region, layout::SectionId::site_header);
  auto* const modules = layout::section_begin<layout::ModuleEntry>(region, layout::SectionId::modules);
  const auto count = header.module_count.load(std::memory_order_relaxed);
  for (std::uint32_t i = count; i-- > 1;)
    if (is_same(modules[i], wanted)) return i;
  if (count >= layout::module_capacity) {
    ++header.module_overflows;
    return 0;
  }
  modules[count] = wanted;
  header.module_count.store(count + 1, std::memory_order_release);
  is_new = true;
  return count;
}

}  // namespace

std::uint32_t module_number(layout::RegionHeader& region, const dl_find_object& object, bool& is_new) noexcept {
  const auto wanted = describe(object);
  if (!try_enter()) return 0;
  const auto number = number_of(region, wanted, is_new);
  entering.clear(std::memory_order_release);
  return number;
}

}  // namespace soak::probe

// Code that is unmapped makes room for other code at the same addresses.

SOAK_NEXT(int(void*), dlclose)
SOAK_HOOK int dlclose(void* library) noexcept {
  const int status = (*next_dlclose)(library);
  soak::probe::forget_closed_code();
  return status;
}
