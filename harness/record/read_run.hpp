// A parsed document as a run; see record_file.hpp for what these throw.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "record/record.hpp"

namespace soak::record {

[[nodiscard]] Run run_from_document(const nlohmann::json& document, const std::string& origin);
[[nodiscard]] Run run_from_benchmark_document(const nlohmann::json& document, const std::string& origin);

}  // namespace soak::record
