// Code that is unmapped, and other code at its addresses.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "own_sites.hpp"

namespace soak::probe {
namespace {

AllocationsBySite noted;

struct Plugin {
  explicit Plugin(const char* file) : library(dlopen(file, RTLD_NOW)) {
    allocate = reinterpret_cast<void* (*)(std::size_t)>(dlsym(library, "plugin_allocate"));
  }
  ~Plugin() { dlclose(library); }
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  void* library;
  void* (*allocate)(std::size_t);
};

__attribute__((noinline)) std::uint32_t site_in(const char* file) {
  const Plugin plugin(file);
  note_allocations(noted);
  void* const block = plugin.allocate(40);
  const auto site = site_since(noted);
  std::free(block);
  return site;
}

std::string innermost_module(std::uint32_t site) { return module_entry(stack_of(site).module(0)).path; }

TEST(CodeReuse, NamesTheModuleOfEachFrame) {
  const auto site = site_in(SOAK_PLUGIN_A_FILE);
  ASSERT_GT(site, layout::unknown_site);
  EXPECT_EQ(innermost_module(site), SOAK_PLUGIN_A_FILE);
  const auto stack = stack_of(site);
  const auto& module = module_entry(stack.module(0));
  EXPECT_GT(module.build_id_bytes, 0u);
  EXPECT_GE(stack.address(0), module.begin);
  EXPECT_LT(stack.address(0), module.end);
}

TEST(CodeReuse, GivesALibraryThatComesAndGoesOneSite) {
  site_in(SOAK_PLUGIN_A_FILE);
  const auto modules = sites_header().module_count.load();
  std::uint32_t first = 0;
  int others = 0;
  for (int i = 0; i < 200; ++i) {
    const auto site = site_in(SOAK_PLUGIN_A_FILE);
    if (first == 0) first = site;
    others += site != first ? 1 : 0;
  }
  // The loader puts it where it was; if it should not, there is one more site, not two hundred.
  EXPECT_LE(others, 2);
  EXPECT_LE(sites_header().module_count.load(), modules + 2);
}

TEST(CodeReuse, TellsTwoLibrariesAtTheSameAddressApart) {
  for (int round = 0; round < 10; ++round) {
    const auto a = site_in(SOAK_PLUGIN_A_FILE);
    const auto b = site_in(SOAK_PLUGIN_B_FILE);
    ASSERT_NE(a, b);
    EXPECT_EQ(innermost_module(a), SOAK_PLUGIN_A_FILE);
    EXPECT_EQ(innermost_module(b), SOAK_PLUGIN_B_FILE);
    EXPECT_EQ(stack_of(b).end, layout::StackEnd::complete);
  }
}

}  // namespace
}  // namespace soak::probe
