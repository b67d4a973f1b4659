#include "golden.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <utility>

namespace soak {
namespace {

using Sections = std::map<std::string, std::string>;

constexpr std::string_view section_mark = "== ";
constexpr auto how_to_update = "if the new wording is right, run tools/update-goldens";

std::filesystem::path golden_folder() { return std::filesystem::path(SOAK_SOURCE_DIR) / "tests/golden"; }

bool is_updating() { return std::getenv("SOAK_UPDATE_GOLDENS") != nullptr; }

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string without_empty_lines_at_the_end(std::string text) {
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

Sections read_sections(const std::filesystem::path& file) {
  Sections sections;
  std::string* section = nullptr;
  std::istringstream lines(content_of(file));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(section_mark))
      section = &sections[line.substr(section_mark.size())];
    else if (section != nullptr)
      *section += line + "\n";
  }
  for (auto& [name, text] : sections) text = without_empty_lines_at_the_end(text);
  return sections;
}

void write_sections(const std::filesystem::path& file, const Sections& sections) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  for (const auto& [name, text] : sections)
    stream << (name == sections.begin()->first ? "" : "\n") << section_mark << name << '\n' << text << '\n';
}

/// tools/update-goldens reads this to find sections whose test is gone.
void note_written(const std::filesystem::path& file, const std::string& section) {
  if (const auto* list = std::getenv("SOAK_GOLDENS_WRITTEN"))
    std::ofstream(list, std::ios::app) << file.string() << '\t' << section << '\n';
}

/// The folder below tests/unit that a test's source lies in.
std::string room_of(std::string_view file) {
  constexpr std::string_view above = "tests/unit/";
  const auto start = file.rfind(above) + above.size();
  return std::string(file.substr(start, file.find('/', start) - start));
}

/// How many texts the running test has compared under each name.
int count_of(const std::string& section) {
  static std::string running;
  static std::map<std::string, int> counts;
  const auto test = section.substr(0, section.find(':'));
  if (std::exchange(running, test) != test) counts.clear();
  return ++counts[section];
}

std::string section_of(std::string_view name) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  auto section = std::string(test->test_suite_name()) + "." + test->name();
  if (!name.empty()) section.append(": ").append(name);
  std::ranges::replace(section, '\n', ' ');
  section.erase(section.find_last_not_of(' ') + 1);
  const auto count = count_of(section);
  return count == 1 ? section : section + ", no. " + std::to_string(count);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether the message has the value, which must not be a part of a longer number.
bool names(std::string_view message, std::string_view value) {
  if (value.empty()) return true;
  for (auto at = message.find(value); at != std::string_view::npos; at = message.find(value, at + 1)) {
    const auto end = at + value.size();
    const bool goes_on = end < message.size() && is_digit(value.back()) && is_digit(message[end]);
    const bool began_before = at > 0 && is_digit(value.front()) && is_digit(message[at - 1]);
    if (!goes_on && !began_before) return true;
  }
  return false;
}

}  // namespace

void expect_wording(std::string_view name, std::string_view text, const char* source) {
  const auto file = golden_folder() / "unit-messages" / (room_of(source) + ".txt");
  const auto section = section_of(name);
  const auto said = without_empty_lines_at_the_end(std::string(text));
  auto sections = read_sections(file);
  if (is_updating()) {
    sections[section] = said;
    write_sections(file, sections);
    note_written(file, section);
  }
  EXPECT_EQ(said, sections[section]) << section << " in " << file << "; " << how_to_update;
}

void expect_message(std::string_view message, std::initializer_list<std::string_view> values, std::string_view name,
                    const char* file) {
  for (const auto value : values) EXPECT_TRUE(names(message, value)) << "no '" << value << "' in: " << message;
  expect_wording(name, message, file);
}

void expect_golden_file(std::string_view name, std::string_view text) {
  const auto file = golden_folder() / name;
  if (is_updating()) std::ofstream(file, std::ios::binary) << text;
  EXPECT_EQ(text, content_of(file)) << file << "; " << how_to_update;
}

}  // namespace soak
