#include "base/say.hpp"

namespace soak {

void say(std::FILE* out, const std::string& text) noexcept {
  std::fputs(text.c_str(), out);
  std::fflush(out);
  std::clearerr(out);
}

}  // namespace soak
