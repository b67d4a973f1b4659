#include "base/scratch_folder.hpp"

#include <stdlib.h>

#include <cerrno>
#include <system_error>

namespace soak {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder(const std::string& purpose) {
  auto pattern = (fs::temp_directory_path() / ("soak-" + purpose + "-XXXXXX")).string();
  if (mkdtemp(pattern.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), "cannot make a temporary folder " + pattern);
  path_ = pattern;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace soak
