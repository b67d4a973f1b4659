#include "symbols/debug_file.hpp"

#include <dwarf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>

#include "symbols/elf_file.hpp"
#include "symbols/names.hpp"

namespace soak::symbols {

namespace {

std::string text_of(Dwarf_Die& die, unsigned name) {
  Dwarf_Attribute attribute;
  const char* const text = dwarf_formstring(dwarf_attr_integrate(&die, name, &attribute));
  return text == nullptr ? "" : text;
}

Dwarf_Word number_of(Dwarf_Die& die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Word number = 0;
  return dwarf_formudata(dwarf_attr(&die, name, &attribute), &number) == 0 ? number : 0;
}

/// The path without `..`, and absolute if the unit says in which folder it was compiled.
std::string whole_path(Dwarf_Die& unit, const char* file) {
  if (file == nullptr) return {};
  std::filesystem::path path(file);
  if (path.is_relative()) path = text_of(unit, DW_AT_comp_dir) / path;
  return path.lexically_normal();
}

/// How the demangler writes one of the scopes around a function; empty for those that are not a part of its name.
std::string scope_text(Dwarf_Die& scope) {
  const int tag = dwarf_tag(&scope);
  const char* const name = dwarf_diename(&scope);
  if (tag == DW_TAG_namespace) return name == nullptr ? "(anonymous namespace)::" : std::string(name) + "::";
  if (tag == DW_TAG_subprogram) return name == nullptr ? "" : std::string(name) + "()::";
  if (tag != DW_TAG_class_type && tag != DW_TAG_structure_type && tag != DW_TAG_union_type) return {};
  if (name == nullptr) return "{unnamed type}::";
  return std::string(name).starts_with("<lambda") ? "{lambda}::" : std::string(name) + "::";
}

bool is_type_with_members(int tag) {
  return tag == DW_TAG_class_type || tag == DW_TAG_structure_type || tag == DW_TAG_union_type ||
         tag == DW_TAG_enumeration_type;
}

/// Appends the calls that are inlined at `pc`, outermost first.
void append_inlined(Dwarf_Die parent, std::uint64_t pc, std::vector<Dwarf_Die>& calls) {
  Dwarf_Die child;
  if (dwarf_child(&parent, &child) != 0) return;
  do {
    const int tag = dwarf_tag(&child);
    if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_lexical_block) continue;
    if (dwarf_haspc(&child, pc) != 1) continue;
    if (tag == DW_TAG_inlined_subroutine) calls.push_back(child);
    return append_inlined(child, pc, calls);
  } while (dwarf_siblingof(&child, &child) == 0);
}

std::string build_id_of(Dwfl_Module* module) {
  const unsigned char* bytes = nullptr;
  GElf_Addr address = 0;
  const int size = dwfl_module_build_id(module, &bytes, &address);
  return build_id_text(bytes, size);
}

struct SourcePlace {
  std::string file;  ///< Empty if not known.
  int line = 0;
};

/// The entry that has the name: concrete and out-of-line entries refer to it.
Dwarf_Die naming_entry(Dwarf_Die die) {
  for (const unsigned reference : {DW_AT_abstract_origin, DW_AT_specification}) {
    Dwarf_Attribute attribute;
    Dwarf_Die target;
    if (dwarf_attr(&die, reference, &attribute) != nullptr && dwarf_formref_die(&attribute, &target) != nullptr)
      return naming_entry(target);
  }
  return die;
}

/// The source line that was compiled to the instruction at `pc`.
SourcePlace line_at(Dwarf_Die& unit, std::uint64_t pc) {
  auto* const line = dwarf_getsrc_die(&unit, pc);
  if (line == nullptr) return {};
  SourcePlace place{whole_path(unit, dwarf_linesrc(line, nullptr, nullptr)), 0};
  dwarf_lineno(line, &place.line);
  return place;
}

/// The place at which the inlined function was called, in the function around it.
SourcePlace call_place(Dwarf_Die& unit, Dwarf_Die& inlined) {
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  const auto index = number_of(inlined, DW_AT_call_file);
  if (dwarf_getsrcfiles(&unit, &files, &count) != 0 || index >= count) return {};
  return {whole_path(unit, dwarf_filesrc(files, index, nullptr, nullptr)),
          static_cast<int>(number_of(inlined, DW_AT_call_line))};
}

/// The mangled name; empty for functions that no other file can name.
std::string linkage_name(Dwarf_Die& function) {
  auto name = text_of(function, DW_AT_linkage_name);
  return name.empty() ? text_of(function, DW_AT_MIPS_linkage_name) : name;
}

/// The name with its namespaces and classes, in the demangler's spelling. Walks the whole unit: to be asked once.
std::string qualified_name(Dwarf_Die& origin) {
  const char* const name = dwarf_diename(&origin);
  if (name == nullptr) return {};
  Dwarf_Die* scopes = nullptr;
  const int count = dwarf_getscopes_die(&origin, &scopes);
  const std::unique_ptr<Dwarf_Die, decltype(&std::free)> owner(scopes, &std::free);
  std::string text = name;
  for (int i = 1; i < count; ++i) text.insert(0, scope_text(scopes[i]));
  return text;
}

}  // namespace

SymbolTable::SymbolTable(Dwfl_Module* module) {
  const int count = dwfl_module_getsymtab(module);
  for (int i = 1; i < count; ++i) {
    GElf_Sym symbol;
    GElf_Addr begin = 0;
    const char* const name = dwfl_module_getsym_info(module, i, &symbol, &begin, nullptr, nullptr, nullptr);
    const auto type = GELF_ST_TYPE(symbol.st_info);
    if (name == nullptr || symbol.st_shndx == SHN_UNDEF || symbol.st_size == 0) continue;
    if (type == STT_FUNC || type == STT_GNU_IFUNC) functions_.push_back({begin, begin + symbol.st_size, name});
  }
  std::ranges::stable_sort(functions_, {}, &Function::begin);
}

std::string SymbolTable::at(std::uint64_t address) const {
  auto found = std::ranges::upper_bound(functions_, address, {}, &Function::begin);
  if (found == functions_.begin()) return {};
  --found;
  return address < found->end ? found->name : "";
}

UnitFunctions::UnitFunctions(Dwarf_Die unit) : unit_(unit) {
  collect(unit, false);
  std::ranges::sort(ranges_, {}, &Range::begin);
}

void UnitFunctions::collect(Dwarf_Die parent, bool in_function) {
  Dwarf_Die child;
  if (dwarf_child(&parent, &child) != 0) return;
  do {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_subprogram) add(child);
    // The code of local classes' members lies inside the function.
    if (tag == DW_TAG_namespace || tag == DW_TAG_subprogram ||
        (in_function && (tag == DW_TAG_lexical_block || is_type_with_members(tag))))
      collect(child, in_function || tag == DW_TAG_subprogram);
  } while (dwarf_siblingof(&child, &child) == 0);
}

void UnitFunctions::add(Dwarf_Die function) {
  Dwarf_Addr base = 0, begin = 0, end = 0;
  ptrdiff_t position = 0;
  while ((position = dwarf_ranges(&function, position, &base, &begin, &end)) > 0)
    ranges_.push_back({begin, end, dwarf_dieoffset(&function)});
}

std::vector<Dwarf_Die> UnitFunctions::calls_at(std::uint64_t pc) const {
  const auto behind = std::ranges::upper_bound(ranges_, pc, {}, &Range::begin);
  if (behind == ranges_.begin() || pc >= std::prev(behind)->end) return {};
  auto unit = unit_;
  Dwarf_Die function;
  if (dwarf_offdie(dwarf_cu_getdwarf(unit.cu), std::prev(behind)->function, &function) == nullptr) return {};
  std::vector<Dwarf_Die> calls{function};
  append_inlined(function, pc, calls);
  std::ranges::reverse(calls);
  return calls;
}

DebugFile::DebugFile(const std::filesystem::path& debug_folder)
    : search_path_(":.debug:" + debug_folder.string()),
      search_path_pointer_(search_path_.data()),
      callbacks_{.find_elf = &dwfl_build_id_find_elf,
                 .find_debuginfo = &dwfl_standard_find_debuginfo,
                 .section_address = nullptr,
                 .debuginfo_path = &search_path_pointer_} {}

std::unique_ptr<DebugFile> DebugFile::open(const std::string& path, const std::string& build_id,
                                           const std::filesystem::path& debug_folder) {
  for (const auto& candidate : {path, separate_debug_file(build_id, debug_folder).string()}) {
    std::unique_ptr<DebugFile> file(new DebugFile(debug_folder));
    if (!candidate.empty() && file->load(candidate, build_id)) return file;
  }
  return nullptr;
}

bool DebugFile::load(const std::string& path, const std::string& build_id) {
  dwfl_.reset(dwfl_begin(&callbacks_));
  if (dwfl_ == nullptr) return false;
  dwfl_report_begin(dwfl_.get());
  module_ = dwfl_report_elf(dwfl_.get(), path.c_str(), path.c_str(), -1, 0, true);
  dwfl_report_end(dwfl_.get(), nullptr, nullptr);
  if (module_ == nullptr || dwfl_module_getelf(module_, &bias_) == nullptr) return false;
  return build_id.empty() || build_id_of(module_) == build_id;
}

std::vector<Frame> DebugFile::frames(std::uint64_t address) const {
  auto frames = frames_from_debug_info(address);
  if (frames.empty()) frames.emplace_back();
  // Functions that no other file can name have no mangled name in debug info, but in the symbol table.
  if (frames.back().raw_name.empty()) frames.back().raw_name = symbol_at(address);
  for (auto& frame : frames)
    if (!frame.raw_name.empty()) frame.function = short_name(frame.raw_name);
  return frames;
}

const std::string& DebugFile::short_name(const std::string& raw_name) const {
  const auto [found, is_new] = short_names_.try_emplace(raw_name);
  if (is_new) found->second = shorten_function(demangle(raw_name));
  return found->second;
}

std::string DebugFile::symbol_at(std::uint64_t address) const {
  if (!symbols_) symbols_.emplace(module_);
  return symbols_->at(address + bias_);
}

/// Finds the unit by .debug_aranges, or, if the compiler wrote none, by asking each unit.
Dwarf_Die* DebugFile::unit_at(std::uint64_t address, std::uint64_t& bias) const {
  if (auto* const unit = dwfl_module_addrdie(module_, address + bias_, &bias)) return unit;
  Dwarf_Die* unit = nullptr;
  while ((unit = dwfl_module_nextcu(module_, unit, &bias)) != nullptr)
    if (dwarf_haspc(unit, address + bias_ - bias) == 1) return unit;
  return nullptr;
}

const UnitFunctions& DebugFile::functions_of(Dwarf_Die& unit) const {
  return units_.try_emplace(dwarf_dieoffset(&unit), unit).first->second;
}

const std::string& DebugFile::name_of(const Dwarf_Die& function) const {
  auto origin = naming_entry(function);
  const auto [found, is_new] = names_.try_emplace(dwarf_dieoffset(&origin));
  if (is_new) found->second = qualified_name(origin);
  return found->second;
}

std::vector<Frame> DebugFile::frames_from_debug_info(std::uint64_t address) const {
  std::uint64_t bias = 0;
  auto* const unit = unit_at(address, bias);
  if (unit == nullptr) return {};
  const auto pc = address + bias_ - bias;
  auto place = line_at(*unit, pc);
  std::vector<Frame> frames;
  for (auto& die : functions_of(*unit).calls_at(pc)) {
    Frame frame;
    frame.is_inlined = dwarf_tag(&die) == DW_TAG_inlined_subroutine;
    frame.raw_name = linkage_name(die);
    if (frame.raw_name.empty() && !frame.is_inlined) frame.raw_name = symbol_at(address);
    if (frame.raw_name.empty()) frame.raw_name = name_of(die);
    frame.file = std::move(place.file);
    frame.line = place.line;
    place = call_place(*unit, die);
    frames.push_back(std::move(frame));
  }
  if (frames.empty() && !place.file.empty()) frames.push_back({.file = std::move(place.file), .line = place.line});
  return frames;
}

}  // namespace soak::symbols
