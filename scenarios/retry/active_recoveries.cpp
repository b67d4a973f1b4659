#include "retry/active_recoveries.hpp"

#include <utility>

namespace recovery {

ActiveRecoveries::Entry ActiveRecoveries::add(ActiveRecovery recovery) {
  const std::lock_guard lock(mutex_);
  const auto id = next_id_++;
  recoveries_.emplace_hint(recoveries_.end(), id, std::move(recovery));
  return {*this, id};
}

std::map<RecoveryId, ActiveRecovery> ActiveRecoveries::snapshot() const {
  const std::lock_guard lock(mutex_);
  return recoveries_;
}

std::size_t ActiveRecoveries::size() const {
  const std::lock_guard lock(mutex_);
  return recoveries_.size();
}

ActiveRecoveries::Entry::~Entry() { remove(); }

ActiveRecoveries::Entry::Entry(Entry&& other) noexcept : list_(std::exchange(other.list_, nullptr)), id_(other.id_) {}

ActiveRecoveries::Entry& ActiveRecoveries::Entry::operator=(Entry&& other) noexcept {
  if (this == &other) return *this;
  remove();
  list_ = std::exchange(other.list_, nullptr);
  id_ = other.id_;
  return *this;
}

void ActiveRecoveries::Entry::set_attempts(int attempts) {
  const std::lock_guard lock(list_->mutex_);
  list_->recoveries_.at(id_).attempts = attempts;
}

void ActiveRecoveries::Entry::remove() noexcept {
  if (!list_) return;
  const std::lock_guard lock(list_->mutex_);
  list_->recoveries_.erase(id_);
}

}  // namespace recovery
