#include <algorithm>
#include <array>
#include <downloads/server/fault_script.hpp>
#include <utility>

namespace media {
namespace {

constexpr std::array<std::pair<std::string_view, Fault>, 4> fault_names = {{
    {"503", Fault::unavailable},
    {"reset", Fault::reset},
    {"stall", Fault::stall},
    {"truncate", Fault::truncate},
}};

std::optional<Fault> fault_named(std::string_view name) {
  for (const auto& [known, fault] : fault_names)
    if (name == known) return fault;
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<Fault>> parse_faults(std::string_view text) {
  std::vector<Fault> faults;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto fault = fault_named(text.substr(0, comma));
    const bool dangling_comma = comma + 1 == text.size();
    if (!fault || dangling_comma || faults.size() == max_faults) return std::nullopt;
    faults.push_back(*fault);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return faults;
}

Fault FaultScript::next(const std::string& key, const std::vector<Fault>& faults) {
  if (faults.empty()) return Fault::none;
  const auto [entry, is_new] = attempts_.try_emplace(key, 0);
  if (entry->second == faults.size()) {
    forget(key);
    return Fault::none;
  }
  const auto fault = faults[entry->second++];
  if (is_new) oldest_first_.push_back(key);
  if (attempts_.size() > capacity_) forget(std::string(oldest_first_.front()));
  return fault;
}

void FaultScript::forget(const std::string& key) {
  attempts_.erase(key);
  std::erase(oldest_first_, key);
}

}  // namespace media
