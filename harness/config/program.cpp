#include "config/program.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <csignal>
#include <regex>

#include "base/spelling.hpp"
#include "base/text.hpp"

namespace soak::config {

namespace {

bool is_small_letter(char letter) { return (letter >= 'a' && letter <= 'z') || letter == '_'; }
bool is_letter(char letter) { return is_small_letter(letter) || (letter >= 'A' && letter <= 'Z'); }

/// Whether a name in braces is meant as one of ours: {Port} is, and is refused; ${HOME} is the shell's.
bool may_be_ours(std::string_view name) {
  if (std::ranges::all_of(name, is_small_letter)) return true;
  std::string small(name);
  for (auto& letter : small) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return small == "iterations" || small == "iteration" || small == "port" || small == "pid";
}

/// A `{name}` or `{{name}}` that starts at a position of a text.
struct Braced {
  std::string_view name;
  std::size_t size = 0;  ///< With its braces.
  bool is_literal = false;
};

std::optional<Braced> braced_at(std::string_view text, std::size_t position) {
  if (text[position] != '{') return {};
  const std::size_t braces = text.substr(position).starts_with("{{") ? 2 : 1;
  auto end = position + braces;
  while (end < text.size() && is_letter(text[end])) ++end;
  const auto name = text.substr(position + braces, end - position - braces);
  if (name.empty() || text.substr(end, braces) != std::string_view("}}").substr(0, braces)) return {};
  if (!may_be_ours(name)) return {};
  return Braced{name, end + braces - position, braces == 2};
}

/// Calls `plain` with every character outside of braces, and `in_braces` with each braced name.
template <typename Plain, typename InBraces>
void scan(std::string_view text, Plain plain, InBraces in_braces) {
  for (std::size_t i = 0; i < text.size();) {
    if (const auto braced = braced_at(text, i)) {
      in_braces(*braced);
      i += braced->size;
    } else {
      plain(text[i++]);
    }
  }
}

using Texts = std::vector<std::string>;
using Complaint = std::optional<std::string>;

Complaint wrong_placeholder(const Texts& texts, const Texts& known) {
  for (const auto& text : texts)
    for (const auto& name : placeholders_in(text)) {
      if (std::ranges::count(known, name) > 0) continue;
      auto hint = did_you_mean(name, known);
      if (hint.empty()) hint = fmt::format("; known here: {{{}}}", fmt::join(known, "}, {"));
      return fmt::format("has the unknown placeholder {{{0}}}{1} (for the text itself write {{{{{0}}}}})",
                         sanitize(name, quote_length), hint);
    }
  return {};
}

bool has_placeholder(const Texts& texts, std::string_view name) {
  return std::ranges::any_of(texts, [&](const std::string& text) {
    const auto names = placeholders_in(text);
    return std::ranges::count(names, name) > 0;
  });
}

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port > 0 && port < 65536;
}

Complaint wrong_ready(const std::string& ready) {
  if (ready.empty() || ready == "tcp") return {};
  if (ready.starts_with("http://")) return {};
  if (ready.starts_with("tcp:"))
    return ready == "tcp:{port}" || is_port(std::string_view(ready).substr(4))
               ? Complaint()
               : fmt::format("\"{}\" names no port from 1 to 65535", sanitize(ready, quote_length));
  if (!ready.starts_with("log:"))
    return fmt::format("\"{}\" is none of \"tcp\", \"tcp:PORT\", \"http://...\" and \"log:REGEX\"",
                       sanitize(ready, quote_length));
  try {
    static_cast<void>(std::regex(ready.substr(4), std::regex_constants::extended));
    return {};
  } catch (const std::regex_error& error) {
    return fmt::format("\"{}\" is no POSIX extended regular expression: {}", sanitize(ready.substr(4), quote_length),
                       error.what());
  }
}

Complaint wrong_lengths(const Program& program) {
  if (!std::ranges::is_sorted(program.lengths, std::less_equal{}))
    return "must ascend, each length longer than the one before it";
  const bool used = !program.drive.empty() || has_placeholder(program.command, "iterations");
  if (!program.lengths.empty() && !used)
    return "are given, but nothing in the command says {iterations}, and nothing drives it: every run would be alike";
  return {};
}

Complaint wrong_command(const Program& program) {
  if (program.command.empty() || program.command.front().empty()) return "names no program";
  if (has_placeholder(program.command, "iterations") && program.lengths.empty())
    return "has {iterations}, but no lengths are given to fill in, such as 100, 400 and 1600";
  if (has_placeholder(program.command, "iterations") && !program.drive.empty())
    return "has {iterations}, but it is its driver that counts them";
  return wrong_placeholder(program.command, {"iterations", "port"});
}

Complaint wrong_duration(const Program& program) {
  if (program.duration && !program.lengths.empty() && program.drive.empty())
    return "is for programs that run on, and this one is given a number of iterations; choose one of the two";
  if (program.duration && program.is_driven_by_iterations())
    return "and a number of iterations cannot both say how long it is driven; choose one of the two";
  return {};
}

Complaint wrong_drive(const Program& program) {
  if (program.lengths.empty() && has_placeholder(program.drive, "iteration"))
    return "has {iteration}, so it is to run once an iteration, but no number of iterations is given";
  return wrong_placeholder(program.drive, {"iteration", "iterations", "port", "pid"});
}

Complaint wrong_stop(const Program& program) {
  const auto& stop = program.stop;
  if (stop.size() == 1 && stop.front().starts_with("SIG") && !signal_named(stop.front()))
    return fmt::format(
        "\"{}\" is no signal that ends a process; SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2 "
        "or SIGKILL are",
        sanitize(stop.front(), quote_length));
  return wrong_placeholder(stop, {"port", "pid"});
}

}  // namespace

std::vector<std::string> placeholders_in(std::string_view text) {
  std::vector<std::string> names;
  scan(
      text, [](char) {},
      [&](const Braced& braced) {
        if (!braced.is_literal) names.emplace_back(braced.name);
      });
  return names;
}

std::string filled_in(std::string_view text, const Placeholders& values) {
  std::string filled;
  scan(
      text, [&](char letter) { filled += letter; },
      [&](const Braced& braced) {
        const auto value = values.find(braced.name);
        if (braced.is_literal)
          filled += "{" + std::string(braced.name) + "}";
        else if (value != values.end())
          filled += value->second;
      });
  return filled;
}

std::vector<std::string> filled_in(const std::vector<std::string>& texts, const Placeholders& values) {
  std::vector<std::string> filled;
  for (const auto& text : texts) filled.push_back(filled_in(text, values));
  return filled;
}

std::optional<int> signal_named(std::string_view name) {
  constexpr std::pair<std::string_view, int> signals[] = {
      {"SIGTERM", SIGTERM}, {"SIGINT", SIGINT},   {"SIGQUIT", SIGQUIT}, {"SIGHUP", SIGHUP},
      {"SIGUSR1", SIGUSR1}, {"SIGUSR2", SIGUSR2}, {"SIGKILL", SIGKILL}};
  for (const auto& [known, number] : signals)
    if (known == name) return number;
  return {};
}

bool Program::needs_port() const {
  return ready == "tcp" || has_placeholder(command, "port") || has_placeholder({ready}, "port") ||
         has_placeholder(drive, "port");
}

std::optional<ProgramProblem> problem_of(const Program& program) {
  const std::pair<std::string_view, Complaint> checks[] = {
      {"command", wrong_command(program)},
      {"iterations", wrong_lengths(program)},
      {"for", wrong_duration(program)},
      {"ready", wrong_ready(program.ready)},
      {"ready", wrong_placeholder({program.ready.starts_with("log:") ? std::string() : program.ready}, {"port"})},
      {"drive", wrong_drive(program)},
      {"stop", wrong_stop(program)},
  };
  for (const auto& [key, complaint] : checks)
    if (complaint) return ProgramProblem{key, *complaint};
  return {};
}

std::vector<std::string> shell_command(const std::string& text) { return {"/bin/sh", "-c", text}; }

}  // namespace soak::config
