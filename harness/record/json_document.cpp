#include "record/json_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "record/record_file.hpp"

namespace soak::record {
namespace {

using nlohmann::json;

// Bounds of what a document may cost, far above any record: a file of brackets alone would take fifty times its size.
constexpr int deepest_nesting = 32;
constexpr std::size_t most_values = 20'000'000;
constexpr std::int64_t largest_count = std::int64_t{1} << 53;

// nlohmann's messages open with "[json.exception.parse_error.101] ": of no use to the reader.
std::string without_prefix(std::string_view message) {
  const auto end = message.starts_with('[') ? message.find("] ") : std::string_view::npos;
  return std::string(end == std::string_view::npos ? message : message.substr(end + 2));
}

// The word around an offset, such as the NaN that Google Benchmark prints for a counter that is none.
std::string_view word_around(std::string_view text, std::size_t offset) {
  const auto in_word = [&](std::size_t at) {
    return std::isalpha(static_cast<unsigned char>(text[at])) || text[at] == '-';
  };
  auto begin = std::min(offset, text.size());
  while (begin > 0 && in_word(begin - 1)) --begin;
  auto end = begin;
  while (end < text.size() && in_word(end)) ++end;
  return text.substr(begin, end - begin);
}

bool is_bare_number_word(std::string_view word) {
  std::string lower(word.substr(word.starts_with('-') ? 1 : 0));
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower == "nan" || lower == "inf" || lower == "infinity";
}

[[noreturn]] void refuse_syntax(const std::string& origin, std::string_view text, const json::exception& error) {
  std::string way_out = "the file is damaged or its writer was ended halfway: run again, or give another record";
  if (const auto* syntax = dynamic_cast<const json::parse_error*>(&error)) {
    if (const auto word = word_around(text, syntax->byte); is_bare_number_word(word))
      way_out =
          fmt::format("{} is no JSON: a counter of the scenario is not a finite number; mend it and run again", word);
  }
  throw UnreadableRecord(
      fmt::format("{}: cannot be read as JSON: {}; {}", origin, without_prefix(error.what()), way_out));
}

// Called by the parser at every value, so that a hostile file is refused before it fills the memory.
class CostWatch {
 public:
  explicit CostWatch(const std::string& origin) : origin_(origin) {}
  bool operator()(int depth, json::parse_event_t, json&) {
    if (depth <= deepest_nesting && ++values_ <= most_values) return true;
    throw UnreadableRecord(
        fmt::format("{}: is nested too deeply or holds too many values to be a run record; give a "
                    "folder that soak run has written, or Google Benchmark's JSON",
                    origin_));
  }

 private:
  const std::string& origin_;
  std::size_t values_ = 0;
};

}  // namespace

json parse_document(std::string_view text, const std::string& origin) {
  if (text.empty())
    throw UnreadableRecord(
        fmt::format("{}: is empty: the program that was to write it ran nothing or was ended before it "
                    "wrote its results; run it again",
                    origin));
  if (text.size() > largest_file_bytes)
    throw UnreadableRecord(
        fmt::format("{}: is larger than {} MiB, which no run record is", origin, largest_file_bytes >> 20));
  try {
    return json::parse(text, CostWatch(origin));
  } catch (const json::exception& error) {
    refuse_syntax(origin, text, error);
  }
}

void JsonSpot::refuse(const std::string& what) const {
  throw UnreadableRecord(
      fmt::format("{}: {}: {}; the file is damaged or was not written by soak: run again, or give "
                  "another record",
                  *origin_, path_.empty() ? "top level" : path_, what));
}

const json& JsonSpot::require_object() const {
  if (!value_->is_object()) refuse(fmt::format("expected an object, found {}", value_->type_name()));
  return *value_;
}

std::optional<JsonSpot> JsonSpot::find(std::string_view key) const {
  const auto& object = require_object();
  const auto member = object.find(key);
  if (member == object.end() || member->is_null()) return {};
  return JsonSpot(*member, *origin_, path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key));
}

JsonSpot JsonSpot::at(std::string_view key) const {
  if (auto member = find(key)) return *member;
  refuse(fmt::format("'{}' is missing", key));
}

std::vector<JsonSpot> JsonSpot::elements() const {
  if (!value_->is_array()) refuse(fmt::format("expected a list, found {}", value_->type_name()));
  std::vector<JsonSpot> elements;
  for (const auto& element : *value_)
    elements.push_back({element, *origin_, fmt::format("{}[{}]", path_, elements.size())});
  return elements;
}

std::vector<std::pair<std::string, JsonSpot>> JsonSpot::members() const {
  std::vector<std::pair<std::string, JsonSpot>> members;
  for (const auto& [key, value] : require_object().items())
    members.emplace_back(key, JsonSpot(value, *origin_, fmt::format("{}.{}", path_, key)));
  return members;
}

std::string JsonSpot::text() const {
  if (!value_->is_string()) refuse(fmt::format("expected a text, found {}", value_->type_name()));
  return value_->get<std::string>();
}

bool JsonSpot::boolean() const {
  if (!value_->is_boolean()) refuse(fmt::format("expected true or false, found {}", value_->type_name()));
  return value_->get<bool>();
}

double JsonSpot::number() const {
  if (!value_->is_number()) refuse(fmt::format("expected a number, found {}", value_->type_name()));
  return value_->get<double>();
}

std::int64_t JsonSpot::integer(std::int64_t least, std::int64_t most) const {
  const double value = number();
  if (value < static_cast<double>(least) || value > static_cast<double>(most) || value != std::floor(value))
    refuse(fmt::format("expected a whole number from {} to {}, found {}", least, most, value_->dump()));
  return static_cast<std::int64_t>(value);  // Exact: the bounds lie within 2^53.
}

std::int64_t JsonSpot::count() const { return integer(0, largest_count); }

std::int64_t JsonSpot::reading() const { return integer(-largest_count, largest_count); }

}  // namespace soak::record
