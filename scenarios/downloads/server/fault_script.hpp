// What goes wrong, and at which attempt: faults are asked for by name and used up one by one, so that a test knows
// exactly how often a client has to try.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace media {

enum class Fault {
  none,
  unavailable,  ///< 503 with Retry-After, and no content.
  reset,        ///< Half of the body, then a TCP reset.
  stall,        ///< Half of the body, then nothing, on a connection that stays open.
  truncate,     ///< Half of the body, then an orderly end of the connection.
};

constexpr std::size_t max_faults = 16;  ///< Of one object.

/// "reset,truncate,503,stall" in any order, as often as wanted up to max_faults. Empty text is an empty list. Without
/// a value where a name is unknown or the list too long.
[[nodiscard]] std::optional<std::vector<Fault>> parse_faults(std::string_view text);

/// Counts the attempts at each object. Once an attempt has found no fault left the object starts over, so that a
/// client that comes back for it meets the same faults again. At most `capacity` objects are remembered: the one that
/// was first asked for longest ago is forgotten first. One thread uses it at a time.
class FaultScript {
 public:
  explicit FaultScript(std::size_t capacity = 4096) : capacity_(capacity) {}

  /// The fault of the next attempt at the object that `key` stands for.
  [[nodiscard]] Fault next(const std::string& key, const std::vector<Fault>& faults);

  /// Objects with attempts on record.
  [[nodiscard]] std::size_t size() const noexcept { return attempts_.size(); }

 private:
  void forget(const std::string& key);

  std::size_t capacity_;
  std::unordered_map<std::string, std::size_t> attempts_;
  std::deque<std::string> oldest_first_;
};

}  // namespace media
