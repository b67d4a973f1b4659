#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <playlist/playlist_parser.hpp>
#include <storage/temporary_folder.hpp>

#include "test_videos.hpp"

namespace playlist {
namespace {

using testing::StartsWith;

std::string error_of(std::string_view document) {
  try {
    (void)parse_playlist(document);
    return "accepted";
  } catch (const PlaylistError& error) {
    return error.what();
  }
}

TEST(ParsePlaylist, ReadsEveryField) {
  const auto playlist = parse_playlist(R"({"id": "PL1", "title": "Liste", "entries": [{
      "id": "abc", "title": "T", "description": "D", "uploader": "U", "url": "https://video.example/abc",
      "duration": 61, "thumbnails": [{"url": "small", "width": 320}, {"url": "large", "width": 1280}, {"url": "?"}],
      "formats": [{"format_id": "18", "ext": "mp4", "height": 360, "filesize": 1000}, {"format_id": "22"}]}]})");
  EXPECT_EQ(playlist.id, "PL1");
  EXPECT_EQ(playlist.title, "Liste");
  ASSERT_EQ(playlist.videos.size(), 1U);
  const auto& video = playlist.videos[0];
  EXPECT_EQ(video.id, "abc");
  EXPECT_EQ(video.title, "T");
  EXPECT_EQ(video.description, "D");
  EXPECT_EQ(video.uploader, "U");
  EXPECT_EQ(video.url, "https://video.example/abc");
  EXPECT_EQ(video.duration_seconds, 61);
  EXPECT_EQ(video.thumbnail_url, "large");
  ASSERT_EQ(video.formats.size(), 2U);
  EXPECT_EQ(video.formats[0].id, "18");
  EXPECT_EQ(video.formats[0].extension, "mp4");
  EXPECT_EQ(video.formats[0].height, 360);
  EXPECT_EQ(video.formats[0].bytes, 1000);
  EXPECT_EQ(video.formats[1].height, std::nullopt);
}

struct TolerantCase {
  std::string name;
  std::string document;
  std::vector<std::string> expected_ids;
  std::size_t expected_unavailable;
};
const std::vector<TolerantCase> tolerant_cases = {
    {"no entries in the list", R"({"entries": []})", {}, 0},
    {"only an id", R"({"entries": [{"id": "a"}]})", {"a"}, 0},
    {"numeric id", R"({"entries": [{"id": 42}]})", {"42"}, 0},
    {"null fields", R"({"entries": [{"id": "a", "title": null, "formats": null, "thumbnails": null}]})", {"a"}, 0},
    {"odd scalars", R"({"entries": [{"id": "a", "title": true, "duration": "soon", "url": []}]})", {"a"}, 0},
    {"unknown fields", R"({"x": {"entries": [1]}, "entries": [{"id": "a", "y": [[{}]]}], "z": [2]})", {"a"}, 0},
    {"unavailable entries", R"({"entries": [null, {"id": "a"}, null]})", {"a"}, 2},
    {"duplicates are kept here", R"({"entries": [{"id": "a"}, {"id": "a"}]})", {"a", "a"}, 0},
    {"lists after the entries", R"({"entries": [{"id": "a"}], "tags": ["x", null], "more": [{}]})", {"a"}, 0},
    {"objects in an entry", R"({"entries": [{"id": "a", "formats": [{}], "x": {"id": "b"}}]})", {"a"}, 0},
    {"byte order mark", "\xEF\xBB\xBF{\"entries\": [{\"id\": \"a\"}]}", {"a"}, 0},
    {"unicode", R"({"entries": [{"id": "ü"}, {"id": "\ud83c\udfac"}]})", {"ü", "\U0001F3AC"}, 0},
};

TEST(ParsePlaylist, ToleratesWhatIsMissingOrOdd) {
  for (const auto& [name, document, expected_ids, expected_unavailable] : tolerant_cases) {
    SCOPED_TRACE(name);
    ASSERT_EQ(error_of(document), "accepted");
    const auto playlist = parse_playlist(document);
    std::vector<std::string> ids;
    for (const auto& video : playlist.videos) ids.push_back(video.id);
    EXPECT_EQ(ids, expected_ids);
    EXPECT_EQ(playlist.unavailable, expected_unavailable);
  }
}

struct MalformedCase {
  std::string document;
  std::string expected_message;
};
const std::vector<MalformedCase> malformed_cases = {
    {R"([])", "a playlist has to be an object, not array"},
    {R"([{"entries": [1]}])", "a playlist has to be an object, not array"},
    {R"("entries")", "a playlist has to be an object, not string"},
    {R"({})", "a playlist has to have 'entries'"},
    {R"({"x": {"entries": []}})", "a playlist has to have 'entries'"},
    {R"({"entries": null})", "'entries' has to be an array, not null"},
    {R"({"entries": {}})", "'entries' has to be an array, not object"},
    {R"({"entries": "none"})", "'entries' has to be an array, not string"},
    {R"({"entries": [{"id": "a"}, 7]})", "entries[1]: an entry has to be an object, not number"},
    {R"({"entries": ["a"]})", "entries[0]: an entry has to be an object, not string"},
    {R"({"entries": [null, []]})", "entries[1]: an entry has to be an object, not array"},
    {R"({"entries": [null, {"id": "a"}, {"title": "T"}]})", "entries[2]: an entry has to have an 'id'"},
    {R"({"entries": [{"id": ""}]})", "entries[0]: an entry has to have an 'id'"},
    {R"({"entries": [{"id": null}]})", "entries[0]: an entry has to have an 'id'"},
    {R"({"entries": [{"id": "a", "formats": "mp4"}]})",
     "entries[0]: (id 'a') 'formats' has to be an array, not string"},
    {R"({"entries": [{"id": "a", "formats": [18]}]})",
     "entries[0]: (id 'a') 'formats' has to hold objects only, not number"},
    {R"({"entries": [{"id": "a", "thumbnails": {}}]})",
     "entries[0]: (id 'a') 'thumbnails' has to be an array, not object"},
};

TEST(ParsePlaylist, RefusesWhatMeansSomethingElseAndNamesTheEntry) {
  for (const auto& [document, expected_message] : malformed_cases) {
    EXPECT_EQ(error_of(document), expected_message) << document;
  }
}

const std::vector<MalformedCase> syntax_cases = {
    {"", "not valid JSON: parse error at line 1, column 1"},
    {"{", "not valid JSON: parse error at line 1, column 2"},
    {"{\"entries\": [\n{\"id\": \"a\"},\n{\"id\": b}]}",
     "entries[1]: not valid JSON: parse error at line 3, column 8"},
    {R"({"entries": [{"id": "a"}, {"id": "b")", "entries[1]: not valid JSON: parse error at line 1, column 37"},
    {"{\"entries\": [{\"id\": \"\xFF\"}]}", "entries[0]: not valid JSON: parse error at line 1, column 22"},
    {R"({"entries": [{"id": "\ud800"}]})", "entries[0]: not valid JSON: parse error at line 1, column 28"},
    {R"({"entries": []} x)", "not valid JSON: parse error at line 1, column 17"},
    {R"({"entries": [], "title": })", "not valid JSON: parse error at line 1, column 26"},
};

TEST(ParsePlaylist, SyntaxErrorsNameLineColumnAndEntry) {
  for (const auto& [document, expected_beginning] : syntax_cases) {
    EXPECT_THAT(error_of(document), StartsWith(expected_beginning)) << document;
  }
}

TEST(ParsePlaylist, DeepNestingIsNoTrouble) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(error_of(R"({"x": )" + deep + R"(, "entries": [{"id": "a", "y": )" + deep + "}]}"), "accepted");
}

TEST(LoadPlaylist, MessagesBeginWithThePath) {
  const storage::TemporaryFolder folder("playlist-test-");
  const auto file = folder.path() / "list.json";
  const auto error_of_file = [&file] {
    try {
      (void)load_playlist(file);
      return std::string("accepted");
    } catch (const PlaylistError& error) {
      return std::string(error.what());
    }
  };
  EXPECT_EQ(error_of_file(), file.string() + ": cannot read the file: No such file or directory");
  playlist_test::put_file(file, R"({"entries": [1]})");
  EXPECT_EQ(error_of_file(), file.string() + ": entries[0]: an entry has to be an object, not number");
  playlist_test::put_file(file, R"({"entries": [null]})");
  EXPECT_EQ(error_of_file(), "accepted");
}

TEST(LoadPlaylist, FolderIsAnError) {
  const storage::TemporaryFolder folder("playlist-test-");
  try {
    (void)load_playlist(folder.path());
    FAIL() << "read a folder";
  } catch (const PlaylistError& error) {
    EXPECT_EQ(error.what(), folder.path().string() + ": cannot read the file: Is a directory");
  }
}

}  // namespace
}  // namespace playlist
