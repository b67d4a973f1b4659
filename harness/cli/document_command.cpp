// soak document man|bash|zsh|fish: the manual page and the completions, written from the options that the command
// has.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "app/output.hpp"
#include "cli/subcommands.hpp"

namespace soak::cli {
namespace {

bool is_shown(const CLI::Option& option) { return !option.get_group().empty(); }

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  const auto all = app.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
  return {all.begin(), all.end()};
}

std::vector<const CLI::Option*> options_of(const CLI::App& app, bool positional) {
  std::vector<const CLI::Option*> options;
  for (const auto* option : app.get_options())
    if (is_shown(*option) && option->get_positional() == positional) options.push_back(option);
  return options;
}

/// "-c", "--config" and so on.
std::vector<std::string> spellings_of(const CLI::Option& option) {
  std::vector<std::string> spellings;
  for (const auto& name : option.get_snames()) spellings.push_back("-" + name);
  for (const auto& name : option.get_lnames()) spellings.push_back("--" + name);
  return spellings;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string for_roff(const std::string& text) {
  auto escaped = replaced(replaced(text, "\\", "\\e"), "-", "\\-");
  return escaped.starts_with('.') || escaped.starts_with('\'') ? "\\&" + escaped : escaped;
}

std::string man_options(const CLI::App& app) {
  std::string text;
  for (const auto* option : options_of(app, true))
    text += fmt::format(".TP\n.I {}\n{}\n", for_roff(option->get_name()), for_roff(option->get_description()));
  for (const auto* option : options_of(app, false))
    text += fmt::format(".TP\n.B {}{}\n{}\n", for_roff(fmt::format("{}", fmt::join(spellings_of(*option), ", "))),
                        takes_value(*option) ? " \\fIVALUE\\fR" : "", for_roff(option->get_description()));
  return text;
}

std::string man(const CLI::App& app) {
  auto text = fmt::format(
      ".TH SOAK 1 \"\" \"soak {}\" \"User Commands\"\n.SH NAME\n{}\n.SH SYNOPSIS\n.B soak\n.I COMMAND\n[OPTIONS]\n"
      ".SH COMMANDS\n",
      SOAK_VERSION, for_roff(app.get_description()));
  for (const auto* command : commands_of(app))
    text += fmt::format(".SS soak {}\n{}\n{}", for_roff(command->get_name()), for_roff(command->get_description()),
                        man_options(*command));
  return text + fmt::format(".SH EXIT STATUS\n{}\n", for_roff(app.get_footer()));
}

std::string bash(const CLI::App& app) {
  std::string names, cases;
  for (const auto* command : commands_of(app)) {
    std::string options;
    for (const auto* option : options_of(*command, false))
      for (const auto& spelling : spellings_of(*option)) options += (options.empty() ? "" : " ") + spelling;
    names += (names.empty() ? "" : " ") + command->get_name();
    cases += fmt::format("    {}) options=\"{}\" ;;\n", command->get_name(), options);
  }
  return "# bash completion for soak\n_soak() {\n  local current=${COMP_WORDS[COMP_CWORD]} options=\n"
         "  if [[ $COMP_CWORD -eq 1 ]]; then\n"
         "    COMPREPLY=($(compgen -W \"" +
         names +
         " --help --version\" -- \"$current\"))\n    return\n  fi\n"
         "  case ${COMP_WORDS[1]} in\n" +
         cases +
         "  esac\n  if [[ $current == -* ]]; then\n    COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
         "  else\n    COMPREPLY=($(compgen -f -- \"$current\"))\n  fi\n}\n"
         "complete -o filenames -F _soak soak\n";
}

std::string for_zsh(const std::string& text) {
  return replaced(replaced(replaced(replaced(text, "'", "'\\''"), "[", "\\["), "]", "\\]"), ":", "\\:");
}

std::string zsh(const CLI::App& app) {
  std::string names, cases;
  for (const auto* command : commands_of(app)) {
    names += fmt::format("    '{}:{}'\n", command->get_name(), for_zsh(command->get_description()));
    cases += fmt::format("    {})\n      _arguments \\\n", command->get_name());
    for (const auto* option : options_of(*command, false))
      for (const auto& spelling : spellings_of(*option))
        cases += fmt::format("        '{}{}[{}]{}' \\\n", spelling,
                             takes_value(*option) && spelling.starts_with("--") ? "=" : "",
                             for_zsh(option->get_description()), takes_value(*option) ? ":value:_files" : "");
    cases += "        '*:file:_files'\n      ;;\n";
  }
  return "#compdef soak\n# zsh completion for soak\nlocal -a commands\nif (( CURRENT == 2 )); then\n  commands=(\n" +
         names +
         "  )\n  _describe command commands\nelse\n  local command=${words[2]}\n  shift words\n  (( CURRENT-- ))\n"
         "  case $command in\n" +
         cases + "  esac\nfi\n";
}

std::string for_fish(const std::string& text) { return replaced(replaced(text, "\\", "\\\\"), "'", "\\'"); }

std::string fish(const CLI::App& app) {
  std::string text = "# fish completion for soak\n";
  for (const auto* command : commands_of(app)) {
    text += fmt::format("complete -c soak -n __fish_use_subcommand -a {} -d '{}'\n", command->get_name(),
                        for_fish(command->get_description()));
    for (const auto* option : options_of(*command, false)) {
      text += fmt::format("complete -c soak -n '__fish_seen_subcommand_from {}'", command->get_name());
      for (const auto& name : option->get_snames()) text += " -s " + name;
      for (const auto& name : option->get_lnames()) text += " -l " + name;
      text += fmt::format("{} -d '{}'\n", takes_value(*option) ? " -r" : "", for_fish(option->get_description()));
    }
  }
  return text;
}

int document(const CLI::App& app, const std::string& what) {
  const auto text = what == "man" ? man(app) : what == "bash" ? bash(app) : what == "zsh" ? zsh(app) : fish(app);
  return app::print_with_status(text);
}

}  // namespace

void add_document(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("document", "print the manual page or a shell's completion");
  command->group("");  // for packagers
  const auto what = std::make_shared<std::string>();
  command->add_option("WHAT", *what, "man, bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"man", "bash", "zsh", "fish"}));
  command->callback([&app, what, &action] { action = [&app, what] { return document(app, *what); }; });
}

}  // namespace soak::cli
