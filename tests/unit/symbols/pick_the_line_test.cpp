#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "symbols/frame.hpp"

namespace soak::symbols {
namespace {

Frame frame(const std::string& module, const std::string& function, const std::string& file = "", int line = 0) {
  Frame made;
  made.module = module;
  made.function = made.raw_name = function;
  made.file = file;
  made.line = line;
  return made;
}

Frame nameless(const std::string& module) {
  auto made = frame(module, "");
  made.function = "app+0x1234";
  return made;
}

const auto probe =
    frame("/opt/soak/lib/libsoak_probe.so", "malloc", "/home/me/soak/harness/probe/malloc_hooks.cpp", 40);
const auto operator_new = frame("/usr/lib/x86_64-linux-gnu/libstdc++.so.6", "operator new(unsigned long)");
const auto allocate = frame("/home/me/app", "std::__new_allocator<int>::allocate(...)",
                            "/usr/include/c++/12/bits/new_allocator.h", 137);
const auto clang_allocate =
    frame("/home/me/app", "std::allocator<int>::allocate(...)", "/usr/lib/llvm-14/include/c++/v1/memory", 90);
const auto json = frame("/home/me/app", "nlohmann::json::parse(...)", "/usr/include/nlohmann/json.hpp", 4000);
const auto fetched =
    frame("/home/me/app", "spdlog::info(...)", "/home/me/build/_deps/spdlog-src/include/spdlog.h", 7);
const auto own = frame("/home/me/app", "app::load(int)", "/home/me/app/load.cpp", 12);
const auto own_main = frame("/home/me/app", "main", "/home/me/app/main.cpp", 3);
const auto curl = frame("/usr/lib/x86_64-linux-gnu/libcurl.so.4", "curl_easy_init");
const auto start = frame("/usr/lib/x86_64-linux-gnu/libc.so.6", "__libc_start_main");
const auto inlined_library = frame("/home/me/app", "std::vector<int>::push_back(int)");  // compiled without -g

struct PickCase {
  std::string name;
  std::vector<Frame> frames;
  std::size_t expected;
};

const std::vector<PickCase> pick_cases = {
    {"own line below allocator and container", {probe, operator_new, allocate, own, own_main, start}, 3},
    {"libc++'s headers as well", {probe, clang_allocate, own, own_main}, 2},
    {"innermost of several own lines", {probe, own, own_main}, 1},
    {"libraries of headers are not own", {probe, operator_new, json, own}, 3},
    {"fetched sources are not own", {probe, fetched, own}, 2},
    {"nor is a library without lines", {probe, curl, own}, 2},
    {"fetched sources rather than nothing", {probe, allocate, fetched, start}, 2},
    {"a library's function rather than nothing", {probe, operator_new, curl, start}, 2},
    {"a stripped program's library call", {probe, curl, nameless("/home/me/app"), start}, 1},
    {"a place in the program rather than libc", {probe, operator_new, nameless("/home/me/app"), start}, 2},
    {"the library's templates without lines are the library's",
     {probe, inlined_library, nameless("/home/me/app")},
     2},
    {"all the system's: the innermost", {operator_new, start}, 0},
    {"an address in no module is nobody's", {frame("", "0x1234"), own}, 1},
};
TEST(PickTheLine, IsTheInnermostThatSomebodyCanChange) {
  for (const auto& [name, frames, expected] : pick_cases) EXPECT_EQ(pick_the_line(frames), expected) << name;
}

TEST(OriginOf, TellsWhoseCodeItIs) {
  EXPECT_EQ(origin_of(own), Origin::own);
  EXPECT_EQ(origin_of(fetched), Origin::third_party);
  EXPECT_EQ(origin_of(curl), Origin::third_party);
  EXPECT_EQ(origin_of(nameless("/home/me/app")), Origin::nameless);
  for (const auto& frame : {probe, operator_new, allocate, clang_allocate, start})
    EXPECT_EQ(origin_of(frame), Origin::system);
}

}  // namespace
}  // namespace soak::symbols
