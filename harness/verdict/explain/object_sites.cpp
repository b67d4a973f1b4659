#include "verdict/explain/object_sites.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "verdict/count_rules.hpp"

namespace soak::verdict {
namespace {

using record::LiveType;

bool is_part_of_name(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_' || character == ':';
}

/// `node of std::map<int, Widget>` names Widget; neither WidgetPool nor ui::Widget is it.
bool names(std::string_view text, std::string_view type) {
  for (auto at = text.find(type); at != std::string_view::npos; at = text.find(type, at + 1)) {
    const auto end = at + type.size();
    if ((at == 0 || !is_part_of_name(text[at - 1])) && (end == text.size() || !is_part_of_name(text[end])))
      return true;
  }
  return false;
}

/// What a type's frames name is the site's type itself; objects may also lie within what the site made.
bool carries(const record::CallSite& site, const LiveType& type) {
  if (site.kind != record::SiteKind::heap || type.name.empty()) return false;
  return type.source == record::TypeSource::frames ? site.type == type.name : names(site.type, type.name);
}

/// The type that the message names.
const LiveType* type_of(const record::Scenario& scenario, const Finding& finding) {
  const auto* const explained = most_grown_type(scenario.explained_run->repetition);
  for (const auto& repetition : scenario.repetitions) {
    const auto* const type = most_grown_type(repetition);
    if (type != nullptr && names(finding.message, type->name)) return type;
  }
  return explained != nullptr && names(finding.message, explained->name) ? explained : nullptr;
}

}  // namespace

GrowthBySite object_sites(const record::Scenario& scenario, const Finding& finding) {
  const auto& run = scenario.explained_run->repetition;
  const auto* const type = type_of(scenario, finding);
  if (type == nullptr || !run.attribution) return {};
  record::Repetition of_type;
  auto& sites = of_type.attribution.emplace().sites;
  std::ranges::copy_if(run.attribution->sites, std::back_inserter(sites),
                       [&](const auto& site) { return carries(site, *type); });
  return growth_by_site(of_type, record::SiteKind::heap, &record::Checkpoint::heap_bytes);
}

}  // namespace soak::verdict
