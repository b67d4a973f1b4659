// A profile for pprof. Field numbers are those of its profile.proto.
#include <array>
#include <map>
#include <tuple>

#include "base/text.hpp"
#include "report/formats.hpp"
#include "report/growth_samples.hpp"
#include "report/gzip.hpp"
#include "report/protobuf_writer.hpp"

namespace soak::report {
namespace {

namespace profile {
constexpr int sample_type = 1, sample = 2, mapping = 3, location = 4, function = 5, string_table = 6,
              default_sample_type = 14;
}
namespace value_type {
constexpr int type = 1, unit = 2;
}
namespace sample_field {
constexpr int location_id = 1, value = 2, label = 3;
}
namespace label_field {
constexpr int key = 1, text = 2;
}
namespace mapping_field {
constexpr int id = 1, filename = 5, has_functions = 7, has_filenames = 8, has_line_numbers = 9,
              has_inline_frames = 10;
}
namespace location_field {
constexpr int id = 1, mapping_id = 2, line = 4;
}
namespace line_field {
constexpr int function_id = 1, line = 2;
}
namespace function_field {
constexpr int id = 1, name = 2, filename = 4;
}

/// The same value has the same number, from `first` on in the order of appearance.
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
/// One address: its mapping, and its functions with inlined ones first.
using Location = std::pair<std::int64_t, std::vector<Line>>;

class Profile {
 public:
  explicit Profile(const Subject& subject) : subject_(subject) { static_cast<void>(strings_.of("")); }

  void add(const GrowthSample& sample) {
    ProtobufWriter message;
    message.packed(sample_field::location_id, locations_of(sample.site));
    message.packed(sample_field::value,
                   {sample.site.total_count, sample.site.total_bytes, sample.growth.count, sample.growth.bytes});
    message.message(sample_field::label, label("scenario", sample.scenario.name));
    if (!sample.site.type.empty()) message.message(sample_field::label, label("type", sample.site.type));
    samples_.push_back(message);
  }

  [[nodiscard]] std::string bytes() {
    ProtobufWriter message;
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
    // Last: everything before may still have brought a new text.
    for (const auto* text : strings_.values()) message.text(profile::string_table, *text);
    return message.bytes();
  }

 private:
  std::int64_t string_of(std::string_view text) { return strings_.of(harmless_whole(text)); }

  ProtobufWriter type_of(std::string_view type, std::string_view unit) {
    ProtobufWriter message;
    message.number(value_type::type, string_of(type));
    message.number(value_type::unit, string_of(unit));
    return message;
  }

  ProtobufWriter label(std::string_view key, std::string_view text) {
    ProtobufWriter message;
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

  void add_mappings(ProtobufWriter& message) {
    std::int64_t id = 0;
    for (const auto* module : mappings_.values()) {
      ProtobufWriter mapping;
      mapping.number(mapping_field::id, ++id);
      mapping.number(mapping_field::filename, string_of(*module));
      for (const auto field : {mapping_field::has_functions, mapping_field::has_filenames,
                               mapping_field::has_line_numbers, mapping_field::has_inline_frames})
        mapping.number(field, 1);
      message.message(profile::mapping, mapping);
    }
  }

  void add_locations(ProtobufWriter& message) const {
    std::int64_t id = 0;
    for (const auto* location : locations_.values()) {
      ProtobufWriter entry;
      entry.number(location_field::id, ++id);
      entry.number(location_field::mapping_id, location->first);
      for (const auto& [function, line] : location->second) {
        ProtobufWriter inner;
        inner.number(line_field::function_id, function);
        inner.number(line_field::line, line);
        entry.message(location_field::line, inner);
      }
      message.message(profile::location, entry);
    }
  }

  void add_functions(ProtobufWriter& message) const {
    std::int64_t id = 0;
    for (const auto* function : functions_.values()) {
      ProtobufWriter entry;
      entry.number(function_field::id, ++id);
      entry.number(function_field::name, function->first);
      entry.number(function_field::filename, function->second);
      message.message(profile::function, entry);
    }
  }

  const Subject& subject_;
  std::vector<ProtobufWriter> samples_;
  Numbers<std::string> strings_{0};  ///< The first is empty, as pprof wants it.
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

}  // namespace soak::report
