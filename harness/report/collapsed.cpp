// One line a stack: outermost;...;innermost bytes.
#include <fmt/format.h>

#include <map>

#include "base/text.hpp"
#include "report/formats.hpp"
#include "report/growth_samples.hpp"

namespace soak::report {
namespace {

/// A semicolon ends a frame.
std::string frame_text(std::string_view text) {
  auto frame = harmless_whole(text.empty() ? "(no name)" : text);
  for (auto& character : frame)
    if (character == ';') character = ',';
  return frame;
}

std::string stack_text(const GrowthSample& sample) {
  auto text = frame_text(sample.scenario.name);
  for (auto frame = sample.site.stack.rbegin(); frame != sample.site.stack.rend(); ++frame)
    text += ";" + frame_text(frame->function);
  if (sample.site.stack.empty()) text += ";" + frame_text(sample.site.function);
  return text;
}

}  // namespace

std::string render_collapsed(const Subject& subject) {
  std::map<std::string, std::int64_t> stacks;
  for (const auto& sample : growth_samples(subject.run))
    if (sample.site.kind == record::SiteKind::heap && sample.growth.bytes > 0)
      stacks[stack_text(sample)] += sample.growth.bytes;
  std::string text;
  for (const auto& [stack, bytes] : stacks) text += fmt::format("{} {}\n", stack, bytes);
  return text;
}

}  // namespace soak::report
