#include "symbols/elf_file.hpp"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gelf.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <span>

namespace soak::symbols {

namespace fs = std::filesystem;

class ElfFile::Impl {
 public:
  explicit Impl(const fs::path& file) : descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    elf_version(EV_CURRENT);
    if (descriptor_ >= 0) elf_ = elf_begin(descriptor_, ELF_C_READ_MMAP, nullptr);
  }
  ~Impl() {
    elf_end(elf_);
    if (descriptor_ >= 0) close(descriptor_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  [[nodiscard]] Elf* elf() const { return elf_; }

 private:
  int descriptor_;
  Elf* elf_ = nullptr;
};

namespace {

struct Section {
  Elf_Scn* handle;
  GElf_Shdr header;
};

/// The sections; none if their table was cut off, as the file runs without it.
std::vector<Section> sections_of(Elf* elf) {
  std::vector<Section> sections;
  for (Elf_Scn* handle = nullptr; (handle = elf_nextscn(elf, handle)) != nullptr;)
    if (Section section{handle, {}}; gelf_getshdr(handle, &section.header) != nullptr) sections.push_back(section);
  return sections;
}

std::vector<GElf_Phdr> segments_of(Elf* elf, GElf_Word type) {
  std::size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) return {};
  std::vector<GElf_Phdr> segments;
  for (std::size_t i = 0; i < count; ++i)
    if (GElf_Phdr header; gelf_getphdr(elf, static_cast<int>(i), &header) != nullptr && header.p_type == type)
      segments.push_back(header);
  return segments;
}

/// The bytes of a segment, or null.
Elf_Data* data_of(Elf* elf, const GElf_Phdr& segment, Elf_Type type) {
  return elf_getdata_rawchunk(elf, static_cast<std::int64_t>(segment.p_offset), segment.p_filesz, type);
}

bool is_go_note(Elf* elf, const GElf_Phdr& segment) {
  auto* const data = data_of(elf, segment, segment.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
  GElf_Nhdr note;
  std::size_t name = 0, description = 0;
  if (data == nullptr || gelf_getnote(data, 0, &note, &name, &description) == 0 || note.n_namesz != 4) return false;
  return std::memcmp(static_cast<const char*>(data->d_buf) + name, "Go\0", 4) == 0;
}

/// The text at an address of the loaded file; empty outside of it.
std::string text_at(Elf* elf, GElf_Addr address) {
  std::size_t size = 0;
  const char* const bytes = elf_rawfile(elf, &size);
  for (const auto& segment : segments_of(elf, PT_LOAD)) {
    if (bytes == nullptr || address < segment.p_vaddr || address - segment.p_vaddr >= segment.p_filesz) continue;
    const auto offset = segment.p_offset + (address - segment.p_vaddr);
    if (offset < size) return {bytes + offset, strnlen(bytes + offset, size - offset)};
  }
  return {};
}

bool has_malloc(Elf* elf, const Section& section) {
  auto* const data = elf_getdata(section.handle, nullptr);
  GElf_Sym symbol;
  for (int i = 0; data != nullptr && gelf_getsym(data, i, &symbol) != nullptr; ++i) {
    const char* const name = elf_strptr(elf, section.header.sh_link, symbol.st_name);
    const bool is_function = GELF_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_shndx != SHN_UNDEF;
    if (is_function && name != nullptr && std::string_view(name) == "malloc") return true;
  }
  return false;
}

}  // namespace

ElfFile::ElfFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ElfFile::ElfFile(ElfFile&& other) noexcept = default;
ElfFile& ElfFile::operator=(ElfFile&& other) noexcept = default;
ElfFile::~ElfFile() = default;

std::optional<ElfFile> ElfFile::open(const fs::path& file) {
  auto impl = std::make_unique<Impl>(file);
  if (impl->elf() == nullptr || elf_kind(impl->elf()) != ELF_K_ELF) return {};
  return ElfFile(std::move(impl));
}

bool ElfFile::is_native() const {
  return gelf_getclass(impl_->elf()) == (sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32);
}

bool ElfFile::has_interpreter() const { return !segments_of(impl_->elf(), PT_INTERP).empty(); }

bool ElfFile::is_go() const {
  return std::ranges::any_of(segments_of(impl_->elf(), PT_NOTE),
                             [this](const GElf_Phdr& segment) { return is_go_note(impl_->elf(), segment); });
}

std::vector<std::string> ElfFile::needed_libraries() const {
  const auto dynamic = segments_of(impl_->elf(), PT_DYNAMIC);
  if (dynamic.empty()) return {};
  auto* const data = data_of(impl_->elf(), dynamic.front(), ELF_T_DYN);
  std::vector<GElf_Xword> names;
  GElf_Addr strings = 0;
  GElf_Dyn entry;
  for (int i = 0; data != nullptr && gelf_getdyn(data, i, &entry) != nullptr && entry.d_tag != DT_NULL; ++i) {
    if (entry.d_tag == DT_NEEDED) names.push_back(entry.d_un.d_val);
    if (entry.d_tag == DT_STRTAB) strings = entry.d_un.d_ptr;
  }
  std::vector<std::string> libraries;
  for (const auto name : names) libraries.push_back(text_at(impl_->elf(), strings + name));
  return libraries;
}

bool ElfFile::defines_malloc() const {
  return std::ranges::any_of(sections_of(impl_->elf()), [this](const Section& section) {
    const auto type = section.header.sh_type;
    return (type == SHT_SYMTAB || type == SHT_DYNSYM) && has_malloc(impl_->elf(), section);
  });
}

bool ElfFile::has_section(std::string_view wanted) const {
  std::size_t names = 0;
  if (elf_getshdrstrndx(impl_->elf(), &names) != 0) return false;
  return std::ranges::any_of(sections_of(impl_->elf()), [&](const Section& section) {
    const char* const name = elf_strptr(impl_->elf(), names, section.header.sh_name);
    return name != nullptr && name == wanted;
  });
}

bool ElfFile::has_debug_info(const fs::path& debug_folder) const {
  if (has_section(".debug_info") || has_section(".zdebug_info")) return true;
  const auto separate = separate_debug_file(build_id(), debug_folder);
  std::error_code ignored;
  return !separate.empty() && fs::exists(separate, ignored);
}

std::string ElfFile::build_id() const {
  const void* id = nullptr;
  const auto size = dwelf_elf_gnu_build_id(impl_->elf(), &id);
  return build_id_text(static_cast<const unsigned char*>(id), size);
}

std::optional<ElfSummary> elf_summary(const fs::path& file, const fs::path& debug_folder) {
  const auto elf = ElfFile::open(file);
  if (!elf) return {};
  return ElfSummary{!elf->has_interpreter(), elf->defines_malloc(), elf->has_debug_info(debug_folder),
                    elf->needed_libraries()};
}

std::string build_id_text(const unsigned char* bytes, std::ptrdiff_t size) {
  if (bytes == nullptr || size <= 0) return {};
  return fmt::format("{:02x}", fmt::join(std::span(bytes, static_cast<std::size_t>(size)), ""));
}

fs::path separate_debug_file(std::string_view build_id, const fs::path& debug_folder) {
  if (build_id.size() < 3) return {};
  return debug_folder / ".build-id" / build_id.substr(0, 2) / (std::string(build_id.substr(2)) + ".debug");
}

}  // namespace soak::symbols
