#include "report/html_findings.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "report/words.hpp"

namespace soak::report {
namespace {

Json site_json(const Subject& subject, const verdict::SiteGrowth& growth) {
  return {{"share", share_of(growth)},
          {"function", function_of(growth.site)},
          {"place", place_of(subject, growth.site)},
          {"type", harmless(growth.site.type)},
          {"rate", rate_of(growth)},
          {"shape", to_string(growth.shape)}};
}

Json sites_json(const Subject& subject, const std::vector<verdict::SiteGrowth>& sites, std::size_t most) {
  auto list = Json::array();
  for (std::size_t i = 0; i < std::min(sites.size(), most); ++i) list.push_back(site_json(subject, sites[i]));
  return list;
}

}  // namespace

Json findings_json(const Subject& subject, const verdict::ScenarioVerdict& scenario, std::size_t most_sites) {
  auto list = Json::array();
  for (const auto& finding : scenario.findings)
    list.push_back({{"kind", finding.kind},
                    {"message", message_of(finding)},
                    {"cause", harmless(finding.likely_cause)},
                    {"sitesNote", harmless(finding.sites_note)},
                    {"siteCount", finding.sites.size()},
                    {"sites", sites_json(subject, finding.sites, most_sites)},
                    {"caches", sites_json(subject, finding.caches, most_sites)}});
  return list;
}

}  // namespace soak::report
