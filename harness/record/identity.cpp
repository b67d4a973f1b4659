#include "record/identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ids.hpp"

namespace soak::record {
namespace {

// Google Benchmark 1.9.5 and before append these, in no order we rely on.
constexpr std::array valued_suffixes{"iterations:", "repeats:", "min_time:", "min_warmup_time:"};
constexpr std::array plain_suffixes{"real_time", "process_time", "manual_time"};
constexpr std::string_view threads_suffix = "threads:";

bool is_run_suffix(std::string_view component) {
  const auto starts_it = [&](std::string_view prefix) { return component.starts_with(prefix); };
  return std::ranges::any_of(valued_suffixes, starts_it) || std::ranges::count(plain_suffixes, component) > 0;
}

// `Retry/4/iterations:10/threads:2` is name `Retry/4`, suffixes `iterations:10` and `threads:2`.
struct SplitName {
  std::string_view name;
  std::optional<std::string_view> iterations, threads;
};

SplitName split(std::string_view full) {
  SplitName split{full, {}, {}};
  for (auto slash = full.rfind('/'); slash != std::string_view::npos && slash > 0; slash = split.name.rfind('/')) {
    const auto component = split.name.substr(slash + 1);
    if (component.starts_with(threads_suffix))
      split.threads = component.substr(threads_suffix.size());
    else if (!is_run_suffix(component))
      break;
    else if (component.starts_with(valued_suffixes[0]))
      split.iterations = component.substr(std::string_view(valued_suffixes[0]).size());
    split.name = split.name.substr(0, slash);
  }
  return split;
}

template <typename Integer>
std::optional<Integer> positive(std::optional<std::string_view> text) {
  if (!text) return {};
  Integer value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || value <= 0) return {};
  return value;
}

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

}  // namespace

std::string identity_of(std::string_view benchmark_name) {
  const auto [name, iterations, threads] = split(benchmark_name);
  return threads ? fmt::format("{}/threads:{}", name, *threads) : std::string(name);
}

std::optional<std::int64_t> iterations_in(std::string_view benchmark_name) {
  return positive<std::int64_t>(split(benchmark_name).iterations);
}

int threads_in(std::string_view benchmark_name) { return positive<int>(split(benchmark_name).threads).value_or(1); }

std::string escaped_for_filter(std::string_view text) {
  std::string escaped;
  // libstdc++ refuses a backslash before anything that is not special, `]` and `}` among them.
  for (const char c : text) {
    if (std::string_view("^$\\.*+?()[{|").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string exact_filter(std::string_view identity) {
  // Threads are part of the identity: `A` must not start `A/threads:4`, and `A/threads:4` is spelled
  // `A/iterations:10/threads:4` in full.
  constexpr std::string_view any_suffixes =
      "(/(iterations|repeats|min_time|min_warmup_time):[^/]*|/(real_time|process_time|manual_time))*";
  const auto [name, iterations, threads] = split(identity);
  const auto its_threads = threads ? fmt::format("/threads:{}", escaped_for_filter(*threads)) : std::string();
  return fmt::format("^{}{}{}$", escaped_for_filter(name), any_suffixes, its_threads);
}

std::string file_name_of(std::string_view identity) {
  constexpr std::size_t longest_readable = 100;
  std::string name;
  bool faithful = !identity.empty() && identity.size() <= longest_readable && identity.front() != '.' &&
                  identity.find("//") == std::string_view::npos;
  for (const char c : identity.substr(0, longest_readable)) {
    const bool kept = is_alphanumeric(c) || c == '_' || (c == '.' && !name.empty());
    faithful = faithful && (kept || c == '/');
    name += kept ? c : '-';
  }
  // A faithful name never holds "--", so the two kinds cannot meet.
  return faithful ? name : fmt::format("{}--{:016x}", name, stable_hash(identity));
}

std::string slug_of(std::string_view label) {
  std::string slug(label);
  for (char& c : slug) {
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
    else if (!is_alphanumeric(c))
      c = '_';
  }
  return slug.empty() ? "unnamed" : slug;
}

}  // namespace soak::record
