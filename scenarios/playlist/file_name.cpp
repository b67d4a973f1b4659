#include <playlist/file_name.hpp>

namespace playlist {
namespace {

constexpr std::size_t max_name_bytes = 240;
constexpr std::size_t max_id_bytes = 64;
constexpr std::size_t max_extension_bytes = 16;

bool is_troublesome(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20U || byte == 0x7FU || std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos;
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::string_view cut_to(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && continues_character(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

std::string_view trimmed(std::string_view text) {
  // Leading dots would hide the file, trailing ones are dropped by some file systems.
  constexpr std::string_view edges = " .\t\r\n";
  const auto first = text.find_first_not_of(edges);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(edges) - first + 1);
}

std::string sanitised(std::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    if (is_troublesome(c)) c = '_';
  }
  return clean;
}

}  // namespace

std::string download_file_name(std::string_view title, std::string_view id, std::string_view extension) {
  auto ending = "[" + sanitised(cut_to(id, max_id_bytes)) + "]";
  if (!extension.empty()) ending += "." + sanitised(cut_to(extension, max_extension_bytes));
  const auto title_that_fits = trimmed(cut_to(trimmed(title), max_name_bytes - ending.size() - 1));
  return title_that_fits.empty() ? ending : sanitised(title_that_fits) + " " + ending;
}

}  // namespace playlist
