// One page that needs nothing else: style, plot libraries, script and data stand in it. Its parts are in html/.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "report/formats.hpp"
#include "report/html_data.hpp"
#include "report/html_parts.hpp"
#include "report/words.hpp"

namespace soak::report {
namespace {

std::string data_of(const Subject& subject) {
  auto text = data_element("run", overview_json(subject));
  if (subject.comparison != nullptr) text += data_element("comparison", Json::parse(to_json(*subject.comparison)));
  if (subject.trend != nullptr) text += data_element("trend", Json::parse(to_json(*subject.trend)));
  std::size_t index = 0;
  for (const auto& scenario : scenarios_of(subject))
    text += data_element(fmt::format("scenario-{}", index++), detail_json(subject, scenario));
  return text;
}

}  // namespace

std::string data_element(const std::string& id, const Json& json) {
  std::string text;
  for (const char character : json_text(json, -1))
    if (character == '<')
      text += "\\u003c";
    else
      text += character;
  return fmt::format("<script type=\"application/json\" id=\"{}\">{}</script>\n", id, text);
}

std::string escaped_for_html(std::string_view text) {
  std::string result;
  for (const char character : text) {
    if (character == '<')
      result += "&lt;";
    else if (character == '&')
      result += "&amp;";
    else
      result += character;
  }
  return result;
}

std::string fill_page(const std::vector<std::pair<std::string_view, std::string_view>>& values) {
  std::string page;
  std::string_view rest = html_parts::page;
  while (true) {
    const auto begin = rest.find("{{");
    page += rest.substr(0, begin);
    if (begin == std::string_view::npos) return page;
    const auto end = rest.find("}}", begin);
    const auto found = std::ranges::find(values, rest.substr(begin + 2, end - begin - 2),
                                         [](const auto& value) { return value.first; });
    if (found != values.end()) page += found->second;
    rest.remove_prefix(end + 2);
  }
}

std::string render_html(const Subject& subject) {
  const auto title = escaped_for_html(fmt::format("soak: {}", counts_of(subject.verdict)));
  const auto data = data_of(subject);
  return fill_page({{"title", title},
                    {"style", html_parts::style},
                    {"libraries", html_parts::libraries},
                    {"script", html_parts::script},
                    {"data", data}});
}

}  // namespace soak::report
