#include <storage/checksum.hpp>
#include <storage/record_store.hpp>
#include <utility>

namespace storage {
namespace {

StoreSettings checked(StoreSettings settings) {
  if (settings.max_records < 1) throw std::invalid_argument("a store has to hold at least one record");
  return settings;
}

}  // namespace

DamagedRecord::DamagedRecord(std::string_view key, Damage damage)
    : std::runtime_error("record '" + std::string(key) + "' is damaged: " + std::string(to_string(damage))) {}

RecordStore::RecordStore(StoreSettings settings)
    : settings_(checked(std::move(settings))),
      files_(settings_.folder / "records", settings_.durability),
      index_(settings_.folder / "index.sqlite", settings_.durability) {
  files_.sweep_temporaries();
  if (index_.was_created()) rebuild_index();
  remove_beyond_limit();
}

void RecordStore::put(std::string_view key, std::string_view content) {
  files_.write(key, content);
  index_record(key, content);
  remove_beyond_limit();
}

std::optional<std::string> RecordStore::find(std::string_view key) {
  const auto entry = index_.find(key);
  if (!entry) return std::nullopt;
  auto content = files_.read(key);
  if (const auto damage = damage_of(content, *entry)) throw DamagedRecord(key, *damage);
  return content;
}

bool RecordStore::remove(std::string_view key) {
  const bool had_file = files_.remove(key);
  return index_.remove(key) || had_file;
}

void RecordStore::rebuild_index() {
  index_.replace_all([this] {
    for (const auto& key : files_.keys_by_age()) {
      if (const auto content = files_.read(key)) index_record(key, *content);
    }
  });
}

void RecordStore::index_record(std::string_view key, std::string_view content) {
  index_.put(key, {static_cast<std::int64_t>(content.size()), checksum_of(content)});
}

void RecordStore::remove_beyond_limit() {
  for (auto surplus = index_.count() - settings_.max_records; surplus > 0; --surplus) {
    if (const auto key = index_.oldest()) remove(*key);
  }
}

}  // namespace storage
