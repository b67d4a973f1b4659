// The message that answers a wrong request.
#pragma once

#include <gmock/gmock.h>

#include <regex>
#include <string>
#include <vector>

#include "base/user_error.hpp"
#include "config/config.hpp"
#include "golden.hpp"

namespace soak::config {

template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

/// What is said of a benchmarks.toml with this text.
inline std::string message_about(const std::string& text) {
  return message_of([&] { (void)parse_config(text, "benchmarks.toml"); });
}

/// The places of all problems that a message about benchmarks.toml names, as "LINE:COLUMN".
inline std::vector<std::string> places_in(const std::string& message) {
  std::vector<std::string> places;
  const std::regex place("^benchmarks\\.toml:(\\d+:\\d+): ", std::regex::multiline);
  for (std::sregex_iterator found(message.begin(), message.end(), place), none; found != none; ++found)
    places.push_back((*found)[1]);
  return places;
}

/// Something wrong in benchmarks.toml, where it is ("LINE:COLUMN", empty for the file as a whole), and what is
/// offered for a misspelt name.
struct Bad {
  std::string name, text, place, meant = "";
};

inline void expect_refused(const Bad& bad) {
  const auto message = message_about(bad.text);
  const auto start = "benchmarks.toml:" + (bad.place.empty() ? "" : bad.place + ":") + " ";
  EXPECT_TRUE(message.starts_with(start)) << bad.name << ": " << message;
  EXPECT_THAT(message, testing::HasSubstr(bad.meant.empty() ? "" : "'" + bad.meant + "'")) << bad.name;
  expect_wording(bad.name, message);
}

}  // namespace soak::config
