// Where the objects of one type were made.
#pragma once

#include "verdict/explain/site_growth.hpp"

namespace soak::verdict {

/// The sites of the explained run whose blocks carry the type that an `objects` finding is about. Shares are of these
/// sites. Empty where no site's type names it.
[[nodiscard]] GrowthBySite object_sites(const record::Scenario& scenario, const Finding& finding);

}  // namespace soak::verdict
