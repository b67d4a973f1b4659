#include <cstdlib>
#include <storage/file_descriptor.hpp>
#include <storage/temporary_folder.hpp>
#include <string>
#include <system_error>

namespace storage {

TemporaryFolder::TemporaryFolder(std::string_view prefix) {
  auto name = (std::filesystem::temp_directory_path() / (std::string(prefix) + "XXXXXX")).native();
  if (::mkdtemp(name.data()) == nullptr) throw file_error("create temporary folder", name);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace storage
