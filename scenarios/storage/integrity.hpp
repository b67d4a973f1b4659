// Whether index and files tell the same story.
#pragma once

#include <storage/record_files.hpp>
#include <storage/record_index.hpp>
#include <string>
#include <vector>

namespace storage {

enum class Damage {
  missing_file,    ///< In the index, without a file.
  wrong_size,      ///< The file has another size than the index says.
  wrong_checksum,  ///< The file has other content than the index says.
  not_in_index,    ///< A record's file that the index does not know.
  stray_file,      ///< A file that is no record: an unfinished write, or a stranger's.
};

struct Problem {
  Damage damage;
  std::string name;  ///< Key of the record; for a stray file its name.
  friend bool operator==(const Problem&, const Problem&) = default;
};

/// Reads every file. Problems with records of the index come first, then unknown records, then stray files, each in
/// the order of their names.
[[nodiscard]] std::vector<Problem> find_problems(RecordIndex& index, const RecordFiles& files);

/// What is wrong with the content of one record, if anything is.
[[nodiscard]] std::optional<Damage> damage_of(const std::optional<std::string>& content, const RecordEntry& expected);

[[nodiscard]] std::string_view to_string(Damage damage) noexcept;

}  // namespace storage
