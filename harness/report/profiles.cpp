#include "report/profiles.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <map>
#include <protozero/pbf_writer.hpp>
#include <stdexcept>
#include <tuple>

#include "base/text.hpp"

namespace soak::report {

const record::Attribution* attribution_of(const record::Scenario& scenario) {
  if (scenario.explained_run && scenario.explained_run->repetition.attribution)
    return &*scenario.explained_run->repetition.attribution;
  for (const auto& repetition : scenario.repetitions)
    if (repetition.attribution) return &*repetition.attribution;
  return nullptr;
}

SiteTotal growth_of(const record::CallSite& site) {
  if (site.history.empty()) return {};
  const auto &first = site.history.front(), &last = site.history.back();
  return {last.bytes - first.bytes, last.count - first.count};
}

std::vector<GrowthSample> growth_samples(const record::Run& run) {
  std::vector<GrowthSample> samples;
  for (const auto& scenario : run.scenarios) {
    const auto* const attribution = attribution_of(scenario);
    if (attribution == nullptr) continue;
    for (const auto& site : attribution->sites) samples.push_back({scenario, site, growth_of(site)});
  }
  return samples;
}

// --- A profile for pprof; field numbers are those of its profile.proto

namespace {

namespace profile {
constexpr protozero::pbf_tag_type sample_type = 1, sample = 2, mapping = 3, location = 4, function = 5,
                                  string_table = 6, default_sample_type = 14;
}
namespace value_type {
constexpr protozero::pbf_tag_type type = 1, unit = 2;
}
namespace sample_field {
constexpr protozero::pbf_tag_type location_id = 1, value = 2, label = 3;
}
namespace label_field {
constexpr protozero::pbf_tag_type key = 1, text = 2;
}
namespace mapping_field {
constexpr protozero::pbf_tag_type id = 1, filename = 5, has_functions = 7, has_filenames = 8, has_line_numbers = 9,
                                  has_inline_frames = 10;
}
namespace location_field {
constexpr protozero::pbf_tag_type id = 1, mapping_id = 2, line = 4;
}
namespace line_field {
constexpr protozero::pbf_tag_type function_id = 1, line = 2;
}
namespace function_field {
constexpr protozero::pbf_tag_type id = 1, name = 2, filename = 4;
}

/// One message. Fields are written in the order of the calls.
class Message {
 public:
  /// Also for bool. 0 is left out, because it is what readers assume.
  void number(protozero::pbf_tag_type field, std::int64_t value) {
    if (value != 0) writer().add_int64(field, value);
  }
  void text(protozero::pbf_tag_type field, std::string_view value) {
    writer().add_string(field, value.data(), value.size());
  }
  void message(protozero::pbf_tag_type field, const Message& value) { writer().add_message(field, value.bytes_); }
  void packed(protozero::pbf_tag_type field, const std::vector<std::int64_t>& values) {
    writer().add_packed_int64(field, values.begin(), values.end());
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  protozero::pbf_writer writer() { return protozero::pbf_writer(bytes_); }

  std::string bytes_;
};

/// Numbers values, from `first` on in the order of appearance; the same value has the same number.
template <typename Value>
class Numbers {
 public:
  explicit Numbers(std::int64_t first) : first_(first) {}
  std::int64_t of(const Value& value) {
    const auto [entry, is_new] = numbers_.try_emplace(value, first_ + static_cast<std::int64_t>(order_.size()));
    if (is_new) order_.push_back(&entry->first);
    return entry->second;
  }
  /// In the order of their numbers.
  [[nodiscard]] const std::vector<const Value*>& values() const { return order_; }

 private:
  std::int64_t first_;
  std::map<Value, std::int64_t> numbers_;
  std::vector<const Value*> order_;
};

using Function = std::pair<std::int64_t, std::int64_t>;  ///< Name and file, by number.
using Line = std::pair<std::int64_t, std::int64_t>;      ///< Function and line.
/// An address: its mapping, and its functions with inlined ones first.
using Location = std::pair<std::int64_t, std::vector<Line>>;

class Profile {
 public:
  explicit Profile(const Subject& subject) : subject_(subject) { static_cast<void>(strings_.of("")); }

  void add(const GrowthSample& sample) {
    Message message;
    message.packed(sample_field::location_id, locations_of(sample.site));
    message.packed(sample_field::value,
                   {sample.site.total_count, sample.site.total_bytes, sample.growth.count, sample.growth.bytes});
    message.message(sample_field::label, label("scenario", sample.scenario.name));
    if (!sample.site.type.empty()) message.message(sample_field::label, label("type", sample.site.type));
    samples_.push_back(message);
  }

  [[nodiscard]] std::string bytes() {
    Message message;
    for (const auto& [type, unit] : {std::pair("alloc_objects", "count"),
                                     {"alloc_space", "bytes"},
                                     {"growth_objects", "count"},
                                     {"growth_space", "bytes"}})
      message.message(profile::sample_type, type_of(type, unit));
    for (const auto& sample : samples_) message.message(profile::sample, sample);
    add_mappings(message);
    add_locations(message);
    add_functions(message);
    message.number(profile::default_sample_type, string_of("growth_space"));
    // Texts come last, because everything before may add one.
    for (const auto* text : strings_.values()) message.text(profile::string_table, *text);
    return message.bytes();
  }

 private:
  std::int64_t string_of(std::string_view text) { return strings_.of(sanitize(text, any_length)); }

  Message type_of(std::string_view type, std::string_view unit) {
    Message message;
    message.number(value_type::type, string_of(type));
    message.number(value_type::unit, string_of(unit));
    return message;
  }

  Message label(std::string_view key, std::string_view text) {
    Message message;
    message.number(label_field::key, string_of(key));
    message.number(label_field::text, string_of(text));
    return message;
  }

  std::int64_t function_id(const std::string& name, const std::string& file) {
    return functions_.of({string_of(name.empty() ? "(no name)" : name), string_of(shown_file(subject_, file))});
  }

  /// Inlined frames share the location of the function they are in.
  std::vector<std::int64_t> locations_of(const record::CallSite& site) {
    std::vector<std::int64_t> ids;
    std::vector<Line> lines;
    for (std::size_t i = 0; i < site.stack.size(); ++i) {
      const auto& frame = site.stack[i];
      lines.emplace_back(function_id(frame.function, frame.file), frame.line);
      if (frame.is_inlined && i + 1 < site.stack.size()) continue;
      ids.push_back(locations_.of({frame.module.empty() ? 0 : mappings_.of(frame.module), lines}));
      lines.clear();
    }
    if (ids.empty()) ids.push_back(locations_.of({0, {{function_id(site.function, site.file), site.line}}}));
    return ids;
  }

  void add_mappings(Message& message) {
    std::int64_t id = 0;
    for (const auto* module : mappings_.values()) {
      Message mapping;
      mapping.number(mapping_field::id, ++id);
      mapping.number(mapping_field::filename, string_of(*module));
      for (const auto field : {mapping_field::has_functions, mapping_field::has_filenames,
                               mapping_field::has_line_numbers, mapping_field::has_inline_frames})
        mapping.number(field, 1);
      message.message(profile::mapping, mapping);
    }
  }

  void add_locations(Message& message) const {
    std::int64_t id = 0;
    for (const auto* location : locations_.values()) {
      Message entry;
      entry.number(location_field::id, ++id);
      entry.number(location_field::mapping_id, location->first);
      for (const auto& [function, line] : location->second) {
        Message inner;
        inner.number(line_field::function_id, function);
        inner.number(line_field::line, line);
        entry.message(location_field::line, inner);
      }
      message.message(profile::location, entry);
    }
  }

  void add_functions(Message& message) const {
    std::int64_t id = 0;
    for (const auto* function : functions_.values()) {
      Message entry;
      entry.number(function_field::id, ++id);
      entry.number(function_field::name, function->first);
      entry.number(function_field::filename, function->second);
      message.message(profile::function, entry);
    }
  }

  const Subject& subject_;
  std::vector<Message> samples_;
  Numbers<std::string> strings_{0};  ///< The first is empty, as pprof demands.
  Numbers<std::string> mappings_{1};
  Numbers<Function> functions_{1};
  Numbers<Location> locations_{1};
};

}  // namespace

std::string render_pprof(const Subject& subject) {
  Profile profile(subject);
  for (const auto& sample : growth_samples(subject.run))
    if (sample.site.kind == record::SiteKind::heap) profile.add(sample);
  return gzip(profile.bytes());
}

// --- Collapsed stacks: one line per stack, outermost;...;innermost bytes

namespace {

/// A semicolon ends a frame.
std::string frame_text(std::string_view text) {
  auto frame = sanitize(text.empty() ? "(no name)" : text, any_length);
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

std::string gzip(std::string_view content) {
  constexpr int with_gzip_header = 16;
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + with_gzip_header, MAX_MEM_LEVEL,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("the profile could not be compressed: zlib has no memory");
  std::string compressed(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  const int status = deflate(&stream, Z_FINISH);
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw std::runtime_error("the profile could not be compressed");
  return compressed;
}

}  // namespace soak::report
