// Names as nobody would write them, in every format: nothing breaks out of where it stands.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <random>

#include "base/text.hpp"
#include "hand_made.hpp"
#include "report/ci_reports.hpp"
#include "report/formats.hpp"
#include "report/html.hpp"
#include "report/markdown.hpp"
#include "report/openmetrics.hpp"
#include "report/profiles.hpp"
#include "report/sarif.hpp"
#include "report/terminal.hpp"

namespace soak::report {
namespace {

std::vector<std::string> odd_names() {
  std::vector<std::string> names = {"<script>alert(1)</script>",
                                    "\"'`|\\",
                                    "a\nb\r\nc\td",
                                    std::string("nul\0here", 8),
                                    "\x1b[2J\x07",
                                    "\xff\xfe\xc3",
                                    "\xed\xa0\x80",
                                    "\u202Eevil\u2028",
                                    "\uFFFF\uFFFE",
                                    "]]>",
                                    "<!-- -->",
                                    "{{data}}",
                                    "%0A::error::x",
                                    "a;b c",
                                    "",
                                    " ",
                                    std::string(5000, 'x'),
                                    std::string(3000, '<'),
                                    "/",
                                    "//",
                                    "..",
                                    "/src/",
                                    "~~~```"};
  std::mt19937 random(20261124);
  std::uniform_int_distribution<int> byte(0, 255), length(1, 60);
  for (int i = 0; i < 20; ++i) {
    std::string name;
    for (int left = length(random); left > 0; --left) name += static_cast<char>(byte(random));
    names.push_back(name);
  }
  return names;
}

/// Lines may end; nothing else that a terminal obeys may stand anywhere.
void expect_harmless(const std::string& text, const std::string& where) {
  EXPECT_EQ(first_invalid_utf8(text), std::nullopt) << where;
  for (const char32_t character : decode_utf8(text))
    if (character != U'\n') {
      ASSERT_FALSE(is_control(character)) << where << " has U+" << std::hex << static_cast<unsigned>(character);
    }
}

TEST(Escaping, NothingFromOutsideReachesATerminalOrALineAsAControl) {
  for (const auto& name : odd_names()) {
    const auto made = one_of_each(name);
    for (const auto detail : {Detail::summary, Detail::full})
      expect_harmless(render_terminal(made.subject(), {.width = 60}, detail), "terminal of " + name);
    for (const auto& format : all_formats())
      if (format.name != "html" && format.name != "pprof")
        expect_harmless(format.render(made.subject()), std::string(format.name) + " of " + name);
  }
}

TEST(Escaping, EveryFormatHasAsManyLinesAsWithPlainNames) {
  const auto lines = [](const std::string& text) { return std::ranges::count(text, '\n'); };
  for (const auto& format : all_formats()) {
    if (format.name == "html" || format.name == "pprof" || format.name == "sarif") continue;
    const auto plain = lines(format.render(one_of_each("name").subject()));
    for (const auto& name : odd_names()) {
      if (name.empty()) continue;
      EXPECT_EQ(lines(format.render(one_of_each(name).subject())), plain) << format.name << name;
    }
  }
}

TEST(Escaping, XmlAndJsonStayWellFormed) {
  for (const auto& name : odd_names()) {
    const auto made = one_of_each(name);
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(render_junit(made.subject()).c_str())) << name;
    EXPECT_EQ(std::distance(document.child("testsuites").begin(), document.child("testsuites").end()), 3) << name;
    for (const auto& text : {render_sarif(made.subject()), render_gitlab(made.subject())})
      EXPECT_TRUE(nlohmann::json::accept(text)) << name;
  }
}

TEST(Escaping, ThePageHasNoElementMoreThanWithPlainNames) {
  const auto tags = [](const std::string& page) { return std::ranges::count(page, '<'); };
  const auto plain = tags(render_html(one_of_each("name").subject()));
  for (const auto& name : odd_names()) EXPECT_EQ(tags(render_html(one_of_each(name).subject())), plain) << name;
}

TEST(Escaping, TheDataOfThePageIsJson) {
  for (const auto& name : odd_names()) {
    const auto page = render_html(one_of_each(name).subject());
    std::size_t found = 0;
    constexpr std::string_view opening = "<script type=\"application/json\"";
    for (auto at = page.find(opening); at != std::string::npos; at = page.find(opening, at + 1), ++found) {
      const auto begin = page.find('>', at) + 1;
      EXPECT_TRUE(nlohmann::json::accept(page.substr(begin, page.find("</script>", begin) - begin))) << name;
    }
    EXPECT_EQ(found, 4U);
  }
}

}  // namespace
}  // namespace soak::report
