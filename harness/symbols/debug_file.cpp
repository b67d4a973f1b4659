#include "symbols/debug_file.hpp"

#include <dwarf.h>
#include <fmt/format.h>

#include "symbols/names.hpp"
#include "symbols/source_places.hpp"

namespace soak::symbols {
namespace {

std::string build_id_of(Dwfl_Module* module) {
  const unsigned char* bytes = nullptr;
  GElf_Addr address = 0;
  const int size = dwfl_module_build_id(module, &bytes, &address);
  std::string text;
  for (int i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
}

std::string separate_file(const std::string& build_id, const std::filesystem::path& debug_folder) {
  if (build_id.size() < 3) return {};
  return debug_folder / ".build-id" / build_id.substr(0, 2) / (build_id.substr(2) + ".debug");
}

}  // namespace

DebugFile::DebugFile(const std::filesystem::path& debug_folder)
    : search_path_(":.debug:" + debug_folder.string()),
      search_path_pointer_(search_path_.data()),
      callbacks_{.find_elf = &dwfl_build_id_find_elf,
                 .find_debuginfo = &dwfl_standard_find_debuginfo,
                 .section_address = nullptr,
                 .debuginfo_path = &search_path_pointer_} {}

std::unique_ptr<DebugFile> DebugFile::open(const std::string& path, const std::string& build_id,
                                           const std::filesystem::path& debug_folder) {
  for (const auto& candidate : {path, separate_file(build_id, debug_folder)}) {
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

/// By .debug_aranges; compilers that write none leave the ranges to the units themselves.
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
  auto origin = origin_of(function);
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
