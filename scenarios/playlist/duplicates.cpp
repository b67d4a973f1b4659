#include <playlist/duplicates.hpp>
#include <string>
#include <unordered_set>

namespace playlist {

std::size_t remove_duplicates(std::vector<Video>& videos) {
  // Copies of the ids, not views: erasing moves the videos, and short texts move with them.
  std::unordered_set<std::string> seen;
  seen.reserve(videos.size());
  return std::erase_if(videos, [&seen](const Video& video) { return !seen.insert(video.id).second; });
}

}  // namespace playlist
