// Call sites as their reader thinks of them: by the line to show and by what is made there, whichever way led to it.
#pragma once

#include <vector>

#include "record/record.hpp"

namespace soak::verdict {

/// Sites of one kind that end in the same line, in the same function, with the same type. Borrows them.
struct SiteGroup {
  std::vector<const record::CallSite*> stacks;  ///< The one that grew most comes first. Not empty.
  std::vector<record::LivePoint> history;       ///< Their sum.
};

/// The groups of this kind, in the order of `sites`. Sites that were read at other iterations are groups of their
/// own.
[[nodiscard]] std::vector<SiteGroup> group_sites(const std::vector<record::CallSite>& sites, record::SiteKind kind);

}  // namespace soak::verdict
