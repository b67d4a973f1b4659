// The operations being retried at this moment. An entry lives as long as its guard, so none is ever left behind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "retry/clock.hpp"

namespace recovery {

using RecoveryId = std::uint64_t;

struct ActiveRecovery {
  std::string operation;
  std::string url;
  TimePoint started_at;
  int attempts = 0;  ///< Begun so far.
};

/// Any thread may call any member. Outlives its entries.
class ActiveRecoveries {
 public:
  class Entry;

  [[nodiscard]] Entry add(ActiveRecovery recovery);
  /// A copy, by id; ids rise in the order of arrival.
  [[nodiscard]] std::map<RecoveryId, ActiveRecovery> snapshot() const;
  [[nodiscard]] std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::map<RecoveryId, ActiveRecovery> recoveries_;
  RecoveryId next_id_ = 1;
};

/// Takes its recovery off the list when it is destroyed, whatever the reason.
class ActiveRecoveries::Entry {
 public:
  ~Entry();
  Entry(Entry&& other) noexcept;
  Entry& operator=(Entry&& other) noexcept;

  void set_attempts(int attempts);
  [[nodiscard]] RecoveryId id() const noexcept { return id_; }

 private:
  friend class ActiveRecoveries;
  Entry(ActiveRecoveries& list, RecoveryId id) noexcept : list_(&list), id_(id) {}
  void remove() noexcept;

  ActiveRecoveries* list_;
  RecoveryId id_;
};

}  // namespace recovery
