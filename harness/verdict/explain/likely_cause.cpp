#include "verdict/explain/likely_cause.hpp"

namespace soak::verdict {

std::string likely_cause(const Finding&, const record::Repetition&) { return {}; }

}  // namespace soak::verdict
