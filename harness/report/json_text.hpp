// JSON as reports write it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "record/json_document.hpp"

namespace soak::report {

using Json = nlohmann::ordered_json;
using record::number_or_null;

/// `indent` -1: on one line. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] inline std::string json_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace soak::report
