#include "symbols/elf_summary.hpp"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <unistd.h>

#include <memory>
#include <string_view>

namespace soak::symbols {
namespace {

struct EndElf {
  void operator()(Elf* elf) const { elf_end(elf); }
};
using OpenElf = std::unique_ptr<Elf, EndElf>;

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& file) : number_(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

struct Section {
  Elf_Scn* handle;
  GElf_Shdr header;
};

std::vector<Section> sections_of(Elf* elf) {
  std::vector<Section> sections;
  for (Elf_Scn* handle = nullptr; (handle = elf_nextscn(elf, handle)) != nullptr;)
    if (Section section{handle, {}}; gelf_getshdr(handle, &section.header) != nullptr) sections.push_back(section);
  return sections;
}

bool has_interpreter(Elf* elf) {
  std::size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) return false;
  for (std::size_t i = 0; i < count; ++i)
    if (GElf_Phdr header; gelf_getphdr(elf, static_cast<int>(i), &header) != nullptr && header.p_type == PT_INTERP)
      return true;
  return false;
}

void read_dynamic(Elf* elf, const Section& section, ElfSummary& summary) {
  auto* const data = elf_getdata(section.handle, nullptr);
  GElf_Dyn entry;
  for (int i = 0; data != nullptr && gelf_getdyn(data, i, &entry) != nullptr && entry.d_tag != DT_NULL; ++i)
    if (entry.d_tag == DT_NEEDED)
      if (const char* const name = elf_strptr(elf, section.header.sh_link, entry.d_un.d_val))
        summary.needed.emplace_back(name);
}

bool defines_malloc(Elf* elf, const Section& section) {
  auto* const data = elf_getdata(section.handle, nullptr);
  GElf_Sym symbol;
  for (int i = 0; data != nullptr && gelf_getsym(data, i, &symbol) != nullptr; ++i) {
    const char* const name = elf_strptr(elf, section.header.sh_link, symbol.st_name);
    const bool is_function = GELF_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_shndx != SHN_UNDEF;
    if (is_function && name != nullptr && std::string_view(name) == "malloc") return true;
  }
  return false;
}

bool has_separate_debug_file(Elf* elf, const std::filesystem::path& debug_folder) {
  const void* id = nullptr;
  const auto size = dwelf_elf_gnu_build_id(elf, &id);
  if (size < 2) return false;
  std::string hex;
  for (ssize_t i = 0; i < size; ++i) hex += fmt::format("{:02x}", static_cast<const unsigned char*>(id)[i]);
  std::error_code ignored;
  return std::filesystem::exists(debug_folder / ".build-id" / hex.substr(0, 2) / (hex.substr(2) + ".debug"), ignored);
}

}  // namespace

std::optional<ElfSummary> elf_summary(const std::filesystem::path& file, const std::filesystem::path& debug_folder) {
  elf_version(EV_CURRENT);
  const Descriptor descriptor(file);
  if (descriptor.number() < 0) return {};
  const OpenElf elf(elf_begin(descriptor.number(), ELF_C_READ_MMAP, nullptr));
  std::size_t names = 0;
  if (elf == nullptr || elf_kind(elf.get()) != ELF_K_ELF || elf_getshdrstrndx(elf.get(), &names) != 0) return {};
  ElfSummary summary;
  summary.is_static = !has_interpreter(elf.get());
  for (const auto& section : sections_of(elf.get())) {
    const char* const name = elf_strptr(elf.get(), names, section.header.sh_name);
    if (name != nullptr && (std::string_view(name) == ".debug_info" || std::string_view(name) == ".zdebug_info"))
      summary.has_debug_info = true;
    if (section.header.sh_type == SHT_DYNAMIC) read_dynamic(elf.get(), section, summary);
    if (section.header.sh_type == SHT_SYMTAB || section.header.sh_type == SHT_DYNSYM)
      summary.defines_malloc = summary.defines_malloc || defines_malloc(elf.get(), section);
  }
  summary.has_debug_info = summary.has_debug_info || has_separate_debug_file(elf.get(), debug_folder);
  return summary;
}

}  // namespace soak::symbols
