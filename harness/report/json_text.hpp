// JSON as reports write it.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace soak::report {

using Json = nlohmann::ordered_json;

/// null for what was not measured; JSON has no word for infinity either.
template <typename Number>
[[nodiscard]] Json number_or_null(const std::optional<Number>& value) {
  if (!value || !std::isfinite(static_cast<double>(*value))) return nullptr;
  return *value;
}

/// `indent` -1: on one line. Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] inline std::string json_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace soak::report
