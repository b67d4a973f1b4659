// Programs in benchmarks.toml, and the placeholders in their texts.
#include "config/program.hpp"

#include <gmock/gmock.h>

#include "config/config.hpp"
#include "message_of.hpp"

namespace soak::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Placeholders, AreFilledInAndOtherBracesAreLeftAlone) {
  const Placeholders values{{"port", "8080"}, {"iteration", "7"}};
  const std::pair<std::string, std::string> cases[] = {
      {"http://127.0.0.1:{port}/{iteration}", "http://127.0.0.1:8080/7"},
      {"{port}{port}", "80808080"},
      {"{{port}}", "{port}"},
      {R"({"a":1})", R"({"a":1})"},
      {"awk '{ print }'", "awk '{ print }'"},
      {"{}", "{}"},
      {"{port", "{port"},
      {"{{Port}}", "{Port}"},
      {"${HOME} {PATH}", "${HOME} {PATH}"},
      {"", ""},
  };
  for (const auto& [text, filled] : cases) EXPECT_EQ(filled_in(text, values), filled) << text;
  EXPECT_THAT(placeholders_in("{port} {{pid}} {typo} {1} {Port} {PATH}"), ElementsAre("port", "typo", "Port"));
}

TEST(Programs, AreRead) {
  const auto config = parse_config(R"(schema = 1
[scenario.import]
command = ["./import", "--count", "{iterations}"]
iterations = [100, 400, 1600]
[scenario.server]
command = ["server", "{port}"]
ready = "tcp"
drive = "curl http://127.0.0.1:{port}/{iteration}"
iterations = 50
stop = "SIGINT"
max_driver_failures = 2
[scenario.daemon]
command = ["daemon"]
for = "30 min"
)",
                                   "/project/benchmarks.toml");
  const auto import = config.settings_for("import").program;
  ASSERT_TRUE(import);
  EXPECT_EQ(import->command.front(), "/project/import");
  EXPECT_THAT(import->lengths, ElementsAre(100, 400, 1600));
  EXPECT_FALSE(import->runs_on());
  const auto server = config.settings_for("server").program;
  ASSERT_TRUE(server);
  EXPECT_THAT(server->drive, ElementsAre("/bin/sh", "-c", "curl http://127.0.0.1:{port}/{iteration}"));
  EXPECT_TRUE(server->is_driven_by_iterations());
  EXPECT_TRUE(server->needs_port());
  EXPECT_EQ(server->max_driver_failures, 2);
  EXPECT_EQ(config.settings_for("daemon").program->duration, std::chrono::minutes(30));
  EXPECT_FALSE(config.settings_for("other").program);
}

TEST(Programs, ThatCannotBeRunAreRefusedWithTheirPlace) {
  const std::vector<Bad> cases = {
      {"empty command", "command = []\n", "3:11"},
      {"command without quotes", "command = \"./import\"\n", "3:11"},
      {"misspelt placeholder", "command = [\"a\", \"{iteratons}\"]\n", "3:11", "iterations"},
      {"no lengths", "command = [\"a\", \"{iterations}\"]\n", "3:11"},
      {"no placeholder", "command = [\"a\"]\niterations = [1, 2]\n", "4:14"},
      {"lengths that descend", "command = [\"a\", \"{iterations}\"]\niterations = [2, 1]\n", "4:14"},
      {"empty lengths", "command = [\"a\", \"{iterations}\"]\niterations = []\n", "4:14"},
      {"unknown readiness", "command = [\"a\"]\nready = \"soon\"\n", "4:9"},
      {"not a regular expression", "command = [\"a\"]\nready = \"log:[\"\n", "4:9"},
      {"not a port", "command = [\"a\"]\nready = \"tcp:0\"\n", "4:9"},
      {"no iterations for the driver", "command = [\"a\"]\ndrive = \"b {iteration}\"\n", "4:9"},
      {"not a signal", "command = [\"a\"]\nstop = \"SIGNAL\"\n", "4:8"},
      {"no unit", "command = [\"a\"]\nfor = \"5\"\n", "4:7"},
      {"a driver without a command", "drive = \"b\"\n", "2:11"},
      {"lengths without a command", "iterations = [1, 2]\n", "2:11"},
  };
  for (auto bad : cases) {
    bad.text = "schema = 1\n[scenario.x]\n" + bad.text;
    expect_refused(bad);
  }
}

}  // namespace
}  // namespace soak::config
