// Program counters to functions, files and lines, after the measured process has ended.
//
// The resolver looks for debug info in the module itself, beside it (.gnu_debuglink) and under the debug folders, by
// build-id. It never asks the network. A module whose file is gone or was rebuilt meanwhile gives `module+0xoffset`,
// not wrong lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "symbols/frame.hpp"

namespace soak::symbols {

/// Not for use by several threads at once. Constructing one takes DEBUGINFOD_URLS out of this process's environment.
class Resolver {
 public:
  explicit Resolver(std::vector<Module> modules, std::filesystem::path debug_folder = "/usr/lib/debug");
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// The frames at a return address, innermost first, never empty: the last is the function that was called, those
  /// before it were inlined into it. Each address is worked out once; the reference is valid as long as the resolver.
  [[nodiscard]] const std::vector<Frame>& frames_at(std::uint64_t return_address);

  /// The same for an address whose module is known, as an index into the constructor's modules: after dlclose the
  /// address may be another module's. Past the end, or without a path: it lay in none.
  [[nodiscard]] const std::vector<Frame>& frames_at(std::uint64_t return_address, std::size_t module);

  /// A whole stack of return addresses, innermost first.
  [[nodiscard]] std::vector<Frame> stack(std::span<const std::uint64_t> return_addresses);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace soak::symbols
