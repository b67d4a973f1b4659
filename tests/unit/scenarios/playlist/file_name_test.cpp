#include <gtest/gtest.h>

#include <playlist/file_name.hpp>
#include <vector>

namespace playlist {
namespace {

struct NameCase {
  std::string title;
  std::string id;
  std::string extension;
  std::string expected;
};
const std::vector<NameCase> name_cases = {
    {"Plain title", "id", "mp4", "Plain title [id].mp4"},
    {"", "id", "mp4", "[id].mp4"},
    {"Title", "id", "", "Title [id]"},
    {"AC/DC: \"live\"?", "id", "mp4", "AC_DC_ _live__ [id].mp4"},
    {"C:\\a*b<c>d|e", "id", "mp4", "C__a_b_c_d_e [id].mp4"},
    {"Grüße \U0001F3AC はじめて", "id", "webm", "Grüße \U0001F3AC はじめて [id].webm"},
    {"two\nlines\x01\x7F", "id", "mp4", "two_lines__ [id].mp4"},
    {"..", "id", "mp4", "[id].mp4"},
    {".hidden", "id", "mp4", "hidden [id].mp4"},
    {"  spaces... ", "id", "mp4", "spaces [id].mp4"},
    {"Title", "../id", "m/4", "Title [.._id].m_4"},
};

TEST(DownloadFileName, KeepsUnicodeAndReplacesWhatFileSystemsStumbleOver) {
  for (const auto& [title, id, extension, expected] : name_cases) {
    EXPECT_EQ(download_file_name(title, id, extension), expected) << title;
  }
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (; times > 0; --times) all += text;
  return all;
}

TEST(DownloadFileName, IsAtMost240Bytes) {
  const std::string ending = " [id].mp4";
  EXPECT_EQ(download_file_name(std::string(231, 't'), "id", "mp4"), std::string(231, 't') + ending);
  EXPECT_EQ(download_file_name(std::string(232, 't'), "id", "mp4"), std::string(231, 't') + ending);
  EXPECT_LE(download_file_name(std::string(999, 't'), std::string(999, 'i'), std::string(999, 'e')).size(), 240U);
}

TEST(DownloadFileName, CutsBetweenCharacters) {
  const std::string ending = " [id].mp4";
  EXPECT_EQ(download_file_name(repeated("ü", 200), "id", "mp4"), repeated("ü", 115) + ending);
  EXPECT_EQ(download_file_name(repeated("の", 200), "id", "mp4"), repeated("の", 77) + ending);
  EXPECT_EQ(download_file_name(repeated("\U0001F3AC", 200), "id", "mp4"), repeated("\U0001F3AC", 57) + ending);
}

}  // namespace
}  // namespace playlist
