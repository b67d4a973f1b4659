#include "symbols/source_places.hpp"

#include <dwarf.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

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

/// Without `..`, and absolute where the unit says what it was compiled in.
std::string whole_path(Dwarf_Die& unit, const char* file) {
  if (file == nullptr) return {};
  std::filesystem::path path(file);
  if (path.is_relative()) path = text_of(unit, DW_AT_comp_dir) / path;
  return path.lexically_normal();
}

/// How the demangler writes one of the scopes around a function; empty for those that are no part of its name.
std::string scope_text(Dwarf_Die& scope) {
  const int tag = dwarf_tag(&scope);
  const char* const name = dwarf_diename(&scope);
  if (tag == DW_TAG_namespace) return name == nullptr ? "(anonymous namespace)::" : std::string(name) + "::";
  if (tag == DW_TAG_subprogram) return name == nullptr ? "" : std::string(name) + "()::";
  if (tag != DW_TAG_class_type && tag != DW_TAG_structure_type && tag != DW_TAG_union_type) return {};
  if (name == nullptr) return "{unnamed type}::";
  return std::string(name).starts_with("<lambda") ? "{lambda}::" : std::string(name) + "::";
}

}  // namespace

Dwarf_Die origin_of(Dwarf_Die die) {
  for (const unsigned reference : {DW_AT_abstract_origin, DW_AT_specification}) {
    Dwarf_Attribute attribute;
    Dwarf_Die target;
    if (dwarf_attr(&die, reference, &attribute) != nullptr && dwarf_formref_die(&attribute, &target) != nullptr)
      return origin_of(target);
  }
  return die;
}

SourcePlace line_at(Dwarf_Die& unit, std::uint64_t pc) {
  auto* const line = dwarf_getsrc_die(&unit, pc);
  if (line == nullptr) return {};
  SourcePlace place{whole_path(unit, dwarf_linesrc(line, nullptr, nullptr)), 0};
  dwarf_lineno(line, &place.line);
  return place;
}

SourcePlace call_place(Dwarf_Die& unit, Dwarf_Die& inlined) {
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  const auto index = number_of(inlined, DW_AT_call_file);
  if (dwarf_getsrcfiles(&unit, &files, &count) != 0 || index >= count) return {};
  return {whole_path(unit, dwarf_filesrc(files, index, nullptr, nullptr)),
          static_cast<int>(number_of(inlined, DW_AT_call_line))};
}

std::string linkage_name(Dwarf_Die& function) {
  auto name = text_of(function, DW_AT_linkage_name);
  return name.empty() ? text_of(function, DW_AT_MIPS_linkage_name) : name;
}

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

}  // namespace soak::symbols
