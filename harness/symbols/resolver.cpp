#include "symbols/resolver.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <unordered_map>
#include <utility>

#include "symbols/debug_file.hpp"

namespace soak::symbols {
namespace {

/// An address inside the call: the return address behind it may be the next line's or the next function's.
std::uint64_t call_site(std::uint64_t return_address) { return return_address == 0 ? 0 : return_address - 1; }

/// Modules mapped twice, or by two processes, share one file.
std::string key_of(const Module& module) { return module.path + '\n' + module.build_id; }

std::string place_in(const Module& module, std::uint64_t offset) {
  return fmt::format("{}+{:#x}", std::filesystem::path(module.path).filename().string(), offset);
}

}  // namespace

class Resolver::Impl {
 public:
  Impl(std::vector<Module> modules, std::filesystem::path debug_folder)
      : modules_(std::move(modules)), debug_folder_(std::move(debug_folder)) {
    for (std::size_t i = 0; i < modules_.size(); ++i) by_begin_.emplace(modules_[i].begin, i);
  }

  const std::vector<Frame>& frames_at(std::uint64_t return_address, std::size_t module) {
    const auto [found, is_new] = frames_.try_emplace({module, return_address});
    if (is_new) found->second = resolve(call_site(return_address), module);
    return found->second;
  }

  /// modules_.size() if there is none.
  [[nodiscard]] std::size_t module_at(std::uint64_t address) const {
    const auto behind = by_begin_.upper_bound(address);
    if (behind == by_begin_.begin() || address >= modules_[std::prev(behind)->second].end) return modules_.size();
    return std::prev(behind)->second;
  }

 private:
  std::vector<Frame> resolve(std::uint64_t address, std::size_t index) {
    if (index >= modules_.size() || modules_[index].path.empty())
      return {Frame{.function = fmt::format("{:#x}", address)}};
    const auto& module = modules_[index];
    const auto offset = address - module.load_bias;
    const auto* const file = file_of(module);
    auto frames = file == nullptr ? std::vector<Frame>(1) : file->frames(offset);
    for (auto& frame : frames) {
      frame.module = module.path;
      frame.module_offset = offset;
      if (frame.function.empty()) frame.function = place_in(module, offset);
    }
    return frames;
  }

  const DebugFile* file_of(const Module& module) {
    const auto [found, is_new] = files_.try_emplace(key_of(module));
    if (is_new) found->second = DebugFile::open(module.path, module.build_id, debug_folder_);
    return found->second.get();
  }

  std::vector<Module> modules_;
  std::filesystem::path debug_folder_;
  std::unordered_map<std::string, std::unique_ptr<DebugFile>> files_;
  std::map<std::uint64_t, std::size_t> by_begin_;
  std::map<std::pair<std::size_t, std::uint64_t>, std::vector<Frame>> frames_;
};

Resolver::Resolver(std::vector<Module> modules, std::filesystem::path debug_folder)
    : impl_(std::make_unique<Impl>(std::move(modules), std::move(debug_folder))) {
  ::unsetenv("DEBUGINFOD_URLS");  // libdw would wait for a server, and some servers wait for us
}

Resolver::~Resolver() = default;

const std::vector<Frame>& Resolver::frames_at(std::uint64_t return_address) {
  return impl_->frames_at(return_address, impl_->module_at(call_site(return_address)));
}

const std::vector<Frame>& Resolver::frames_at(std::uint64_t return_address, std::size_t module) {
  return impl_->frames_at(return_address, module);
}

std::vector<Frame> Resolver::stack(std::span<const std::uint64_t> return_addresses) {
  std::vector<Frame> frames;
  for (const auto address : return_addresses) {
    const auto& here = frames_at(address);
    frames.insert(frames.end(), here.begin(), here.end());
  }
  return frames;
}

}  // namespace soak::symbols
