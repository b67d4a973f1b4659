#include "report/sarif.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "report/json_text.hpp"
#include "report/words.hpp"

namespace soak::report {

namespace {

using verdict::Finding;
using verdict::Verdict;

struct Rule {
  std::string_view kind, name, about;
};

constexpr std::array rules{
    Rule{"heap_growth", "HeapGrowth", "The live heap grows with every iteration."},
    Rule{"final_growth", "ResidentGrowth", "Resident memory grew beyond its limit."},
    Rule{"peak_growth", "ResidentPeak", "Resident memory peaked beyond its limit."},
    Rule{"peak_rss", "ResidentPeakAbsolute", "Resident memory was higher than its limit."},
    Rule{"open_files", "OpenFiles", "File descriptors stay open."},
    Rule{"threads", "Threads", "Threads stay, running or not joined."},
    Rule{"children", "Children", "Child processes stay, running or not waited for."},
    Rule{"mappings", "Mappings", "Mapped address space grows."},
    Rule{"objects", "Objects", "Objects of one type become more and more."},
    Rule{"crash", "Crash", "The process was ended by a signal."},
    Rule{"timeout", "Timeout", "The process took longer than its timeout."},
    Rule{"missing", "NotMeasured", "Something was not run, or not measured."},
};

std::string rule_id(std::string_view kind) { return fmt::format("soak/{}", kind); }

std::string level_of(const Finding& finding) {
  if (finding.waived) return "note";
  const auto verdict = finding.verdict;
  return verdict == Verdict::leak || verdict == Verdict::over_threshold ? "error" : "warning";
}

Json rules_json() {
  auto list = Json::array();
  for (const auto& rule : rules)
    list.push_back({{"id", rule_id(rule.kind)},
                    {"name", rule.name},
                    {"shortDescription", {{"text", rule.about}}},
                    {"fullDescription", {{"text", rule.about}}},
                    {"help",
                     {{"text",
                       "Run the scenario again with the command in the message; its report shows the "
                       "curves and the call sites."}}},
                    {"defaultConfiguration", {{"level", "error"}}},
                    {"properties", {{"tags", Json::array({"memory", "leak"})}}}});
  return list;
}

/// A URI as in RFC 3986: everything but unreserved characters and slashes as %XX, an absolute path as a file URI.
std::string uri_of(const std::string& file) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  std::string uri = file.starts_with('/') ? "file://" : "";
  for (const char byte : file)
    uri += plain.find(byte) != std::string_view::npos ? std::string(1, byte)
                                                      : fmt::format("%{:02X}", static_cast<unsigned char>(byte));
  return uri;
}

Json physical_location(const SourceLine& place) {
  Json artifact{{"uri", uri_of(place.file)}};
  if (!place.file.starts_with('/')) artifact["uriBaseId"] = "%SRCROOT%";
  return {{"artifactLocation", artifact}, {"region", {{"startLine", std::max(place.line, 1)}}}};
}

/// A frame without a line has only its name.
Json frame_location(const Subject& subject, const record::Frame& frame) {
  Json location{{"message", {{"text", frame.function.empty() ? "(no name)" : sanitize(frame.function)}}}};
  if (!frame.file.empty())
    location["physicalLocation"] = physical_location({shown_file(subject, frame.file), frame.line});
  return location;
}

/// The stack as a code flow, outermost frame first.
Json code_flow(const Subject& subject, const record::CallSite& site) {
  auto locations = Json::array();
  for (auto frame = site.stack.rbegin(); frame != site.stack.rend(); ++frame)
    if (!frame->file.empty()) locations.push_back({{"location", frame_location(subject, *frame)}});
  if (locations.empty()) return nullptr;
  return {{"message", {{"text", "what allocated it"}}},
          {"threadFlows", Json::array({Json{{"locations", locations}}})}};
}

Json stack_json(const Subject& subject, const record::CallSite& site) {
  auto frames = Json::array();
  for (const auto& frame : site.stack) {
    Json json{{"location", frame_location(subject, frame)}};
    if (!frame.module.empty()) json["module"] = sanitize(frame.module);
    frames.push_back(json);
  }
  return {{"frames", frames}};
}

std::string message_of(const Subject& subject, const verdict::ScenarioVerdict& scenario, const Finding& finding) {
  auto text = fmt::format("{}: {}", sanitize(scenario.name), report::message_of(finding));
  if (!finding.sites.empty()) {
    const auto& first = finding.sites.front();
    text +=
        fmt::format("; {} of it in {} ({})", share_of(first), function_of(first.site), place_of(subject, first.site));
  }
  if (!finding.likely_cause.empty()) text += fmt::format("; likely cause: {}", sanitize(finding.likely_cause));
  if (!scenario.rerun_command.empty()) text += fmt::format(". Run it again: {}", sanitize(scenario.rerun_command));
  return text;
}

Json result_of(const Subject& subject, const verdict::ScenarioVerdict& scenario, const Finding& finding) {
  const auto fingerprint = fingerprint_of(scenario, finding);
  Json result{{"ruleId", rule_id(finding.kind)}};
  const auto rule = std::ranges::find(rules, finding.kind, &Rule::kind);
  if (rule != rules.end()) result["ruleIndex"] = rule - rules.begin();
  result["level"] = level_of(finding);
  result["message"] = {{"text", message_of(subject, scenario, finding)}};
  result["locations"] = Json::array(
      {Json{{"physicalLocation", physical_location(place_of(subject, scenario, finding))},
            {"logicalLocations",
             Json::array({Json{{"fullyQualifiedName", sanitize(scenario.name)}, {"kind", "function"}}})}}});
  // GitHub takes the first of these; without it GitHub would compute one from the line's text.
  result["partialFingerprints"] = {{"primaryLocationLineHash", fingerprint + ":1"}, {"soakStack/v1", fingerprint}};
  auto flows = Json::array(), stacks = Json::array();
  for (const auto& growth : finding.sites) {
    if (auto flow = code_flow(subject, growth.site); !flow.is_null()) flows.push_back(flow);
    if (!growth.site.stack.empty()) stacks.push_back(stack_json(subject, growth.site));
  }
  if (!flows.empty()) result["codeFlows"] = flows;
  if (!stacks.empty()) result["stacks"] = stacks;
  if (finding.waived)
    result["suppressions"] =
        Json::array({Json{{"kind", "external"}, {"justification", sanitize(finding.waived->reason)}}});
  result["properties"] = {{"scenario", sanitize(scenario.name)},
                          {"verdict", to_string(scenario.verdict)},
                          {"severity", verdict::to_string(scenario.severity)},
                          {"value", number_or_null(finding.value)},
                          {"limit", number_or_null(finding.limit)}};
  return result;
}

Json results_json(const Subject& subject) {
  constexpr std::size_t most = 25'000;
  auto results = Json::array();
  for (const auto& scenario : by_urgency(scenarios_of(subject)))
    for (const auto& finding : scenario.verdict.findings)
      if (results.size() < most) results.push_back(result_of(subject, scenario.verdict, finding));
  return results;
}

}  // namespace

std::string render_sarif(const Subject& subject) {
  const Json driver{{"name", "soak"}, {"semanticVersion", SOAK_VERSION}, {"rules", rules_json()}};
  Json run{{"tool", {{"driver", driver}}},
           {"invocations", Json::array({Json{{"executionSuccessful", subject.verdict.completed}}})},
           {"columnKind", "utf16CodeUnits"},
           {"results", results_json(subject)}};
  if (!subject.run.id.empty()) run["automationDetails"] = {{"id", "soak/" + sanitize(subject.run.id)}};
  return json_text({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({run})}},
                   2) +
         "\n";
}

namespace {

/// The hash of the fields so far and one more. A byte that is in no text separates fields.
std::uint64_t hash_of(std::uint64_t hash, std::string_view field) {
  return stable_hash(std::string_view("\0", 1), stable_hash(field, hash));
}

/// True if the name is made of an address: it does not identify the function.
bool is_name(std::string_view function) { return function.find("+0x") == std::string_view::npos; }

}  // namespace

std::string fingerprint_of(const verdict::ScenarioVerdict& scenario, const verdict::Finding& finding) {
  auto hash = hash_of(hash_of(empty_hash, scenario.name), finding.kind);
  if (!finding.sites.empty())
    for (const auto& frame : finding.sites.front().site.stack)
      if (is_name(frame.function)) hash = hash_of(hash, frame.function);
  return fmt::format("{:016x}", hash);
}

}  // namespace soak::report
