#include "cli/judgement.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <system_error>

#include "record/record_file.hpp"
#include "report/terminal.hpp"
#include "verdict/verdict.hpp"

namespace soak::cli {

int judge_and_print(const record::Run& run, const config::Config& config, const std::filesystem::path& folder,
                    bool json) {
  const auto verdict = verdict::judge(run, config);
  const auto for_machines = verdict::to_json(verdict);
  const auto text = json ? for_machines : report::render_terminal(verdict, report::terminal_style(STDOUT_FILENO));
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
  if (!folder.empty()) try {
      record::write_atomically(folder / "verdict.json", for_machines);
    } catch (const std::system_error& error) {
      fmt::print(stderr, "soak: {}\n", error.what());
    }
  return verdict::exit_status(verdict);
}

}  // namespace soak::cli
