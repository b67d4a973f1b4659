#include <algorithm>
#include <playlist/chunks.hpp>
#include <stdexcept>

namespace playlist {

std::vector<std::span<const Video>> chunks_of(std::span<const Video> videos, std::size_t size) {
  if (size == 0) throw std::invalid_argument("a chunk has to hold at least one video");
  std::vector<std::span<const Video>> chunks;
  while (!videos.empty()) {
    const auto count = std::min(size, videos.size());
    chunks.push_back(videos.first(count));
    videos = videos.subspan(count);
  }
  return chunks;
}

}  // namespace playlist
