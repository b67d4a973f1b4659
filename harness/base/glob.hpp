// Names with wildcards, as benchmarks.toml has them: `RetryLoop/*`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace soak {

/// `*` stands for any text, `/` and nothing among it, `?` for any one character; a backslash before one of them, or
/// before a backslash, takes its meaning away. The whole name is matched, in time linear in both where it has one
/// `*`, and never worse than their product.
class Glob {
 public:
  explicit Glob(std::string_view text);

  [[nodiscard]] bool matches(std::string_view name) const;
  /// Without wildcards: it names one thing.
  [[nodiscard]] bool is_plain() const;
  /// Every name that `other` matches, this matches as well, as far as the two texts show it. `RetryLoop/*` covers
  /// `RetryLoop/a*`; of `*/adaptive` and `RetryLoop/*` neither covers the other.
  [[nodiscard]] bool covers(const Glob& other) const;
  /// From the general to the special: what covers another stands before it.
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

/// Wildcards of `name` with a backslash before them: a glob for this name alone.
[[nodiscard]] std::string glob_for(std::string_view name);

}  // namespace soak
