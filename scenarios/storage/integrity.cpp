#include <algorithm>
#include <storage/checksum.hpp>
#include <storage/integrity.hpp>

namespace storage {
namespace {

void check_indexed_records(RecordIndex& index, const RecordFiles& files, std::vector<Problem>& problems) {
  index.for_each([&](const std::string& key, const RecordEntry& entry) {
    if (const auto damage = damage_of(files.read(key), entry)) problems.push_back({*damage, key});
  });
}

void check_unknown_records(RecordIndex& index, const RecordFiles& files, std::vector<Problem>& problems) {
  auto keys = files.keys_by_age();
  std::erase_if(keys, [&](const std::string& key) { return index.find(key).has_value(); });
  std::sort(keys.begin(), keys.end());
  for (auto& key : keys) problems.push_back({Damage::not_in_index, std::move(key)});
}

}  // namespace

std::optional<Damage> damage_of(const std::optional<std::string>& content, const RecordEntry& expected) {
  if (!content) return Damage::missing_file;
  if (static_cast<std::int64_t>(content->size()) != expected.bytes) return Damage::wrong_size;
  if (checksum_of(*content) != expected.checksum) return Damage::wrong_checksum;
  return std::nullopt;
}

std::vector<Problem> find_problems(RecordIndex& index, const RecordFiles& files) {
  std::vector<Problem> problems;
  check_indexed_records(index, files, problems);
  check_unknown_records(index, files, problems);
  for (auto& name : files.other_names()) problems.push_back({Damage::stray_file, std::move(name)});
  return problems;
}

std::string_view to_string(Damage damage) noexcept {
  switch (damage) {
    case Damage::missing_file:
      return "its file is missing";
    case Damage::wrong_size:
      return "its file has another size than the index says";
    case Damage::wrong_checksum:
      return "its file has another checksum than the index says";
    case Damage::not_in_index:
      return "it is not in the index";
    case Damage::stray_file:
      return "it is no record";
  }
  return "unknown damage";
}

}  // namespace storage
