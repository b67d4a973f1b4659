#include "base/relative_file.hpp"

#include <filesystem>

namespace soak {

std::string relative_file(std::string_view folder, std::string_view file) {
  const auto normal = std::filesystem::path(file).lexically_normal().string();
  const bool is_in_there = !folder.empty() && normal.size() > folder.size() + 1 && normal.starts_with(folder) &&
                           normal[folder.size()] == '/';
  return is_in_there ? normal.substr(folder.size() + 1) : normal;
}

}  // namespace soak
