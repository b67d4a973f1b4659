// Names with wildcards, as benchmarks.toml has them: `RetryLoop/*`.
//
// Not fnmatch(3): it cannot say whether one glob covers another, `[` would be special in it and stands in names, and in
// the C locale, where soak runs, its `?` is a byte and not a character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace soak {

/// `*` matches any text, also an empty one and one with `/`; `?` matches any one character. A backslash before one of
/// them, or before a backslash, makes it plain. The glob matches the whole name or not at all. Matching takes time
/// linear in both lengths if there is one `*`, and never more than their product.
class Glob {
 public:
  explicit Glob(std::string_view text);

  [[nodiscard]] bool matches(std::string_view name) const;
  /// Whether it has no wildcards, so that it names one thing.
  [[nodiscard]] bool is_plain() const;
  /// Whether this matches every name that `other` matches, as far as the two texts show it. `RetryLoop/*` covers
  /// `RetryLoop/a*`; of `*/adaptive` and `RetryLoop/*` neither covers the other.
  [[nodiscard]] bool covers(const Glob& other) const;
  /// Orders globs from the general to the specific: one that covers another stands before it.
  [[nodiscard]] bool stands_before(const Glob& other) const;

 private:
  enum class Kind { character, any_one, any_text };
  struct Part {
    Kind kind;
    char32_t character = 0;
  };
  [[nodiscard]] static bool takes(const Part& pattern, const Part& text);
  [[nodiscard]] bool takes_all(const std::vector<Part>& text) const;
  [[nodiscard]] std::ptrdiff_t count(Kind kind) const;

  std::vector<Part> parts_;
};

/// A glob for this name alone: its wildcards have a backslash before them.
[[nodiscard]] std::string glob_for(std::string_view name);

}  // namespace soak
