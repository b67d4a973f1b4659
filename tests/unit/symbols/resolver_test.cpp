#include "symbols/resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace soak::symbols {
namespace {

using testing::ElementsAre;

constexpr std::uint64_t bias = 0x7f0000000000;
const std::string source = SAMPLE_SOURCES "/sample.cpp", library_source = SAMPLE_SOURCES "/library.cpp";

/// What the sample says of one of its calls.
struct Call {
  int inner_line = 0, outer_line = 0;
  std::uint64_t return_address = 0;  ///< In its file.
};

/// Runs the sample, once.
const std::map<std::string, Call>& calls() {
  static const auto all = [] {
    std::map<std::string, Call> read;
    FILE* const output = popen(SAMPLE_FILE, "r");
    char name[32];
    Call call;
    while (std::fscanf(output, "%31s %d %d %lx", name, &call.inner_line, &call.outer_line, &call.return_address) == 4)
      read[name] = call;
    pclose(output);
    return read;
  }();
  return all;
}

struct Known {
  std::string function, file;
  int line;
  bool is_inlined;
  bool operator==(const Known&) const = default;
  friend void PrintTo(const Known& known, std::ostream* out) {
    *out << known.function << " at " << known.file << ':' << known.line << (known.is_inlined ? " inlined" : "");
  }
};

std::vector<Known> known(const std::vector<Frame>& frames) {
  std::vector<Known> all;
  for (const auto& frame : frames) all.push_back({frame.function, frame.file, frame.line, frame.is_inlined});
  return all;
}

Module module_of(const std::string& path, const std::string& build_id = SAMPLE_BUILD_ID) {
  return {path, build_id, bias, bias + 0x100000, bias};
}

std::vector<Known> resolve(const std::string& path, const std::string& call) {
  Resolver resolver({module_of(path, "")});
  return known(resolver.frames_at(bias + calls().at(call).return_address));
}

std::string place(const std::string& file, std::uint64_t offset) {
  char text[64];
  std::snprintf(text, sizeof(text), "%s+0x%lx", file.c_str(), offset);
  return text;
}

std::string copy(const std::string& name) { return SAMPLE_COPIES "/" + name; }

TEST(Resolver, ExpandsInlinedFunctionsInnermostFirst) {
  const auto& call = calls().at("inlined_twice");
  const int middle_line = call.inner_line + 2;
  EXPECT_THAT(resolve(SAMPLE_FILE, "inlined_twice"),
              ElementsAre(Known{"sample::(anonymous namespace)::innermost", source, call.inner_line, true},
                          Known{"sample::(anonymous namespace)::middle", source, middle_line, true},
                          Known{"sample::Worker::work(const std::string&)", source, call.outer_line, false}));
}

TEST(Resolver, FindsFunctionsOfEveryKind) {
  const std::map<std::string, std::string> functions = {
      {"hidden", "sample::(anonymous namespace)::hidden()"},
      {"lambda", "sample::Worker::work()::{lambda}"},
      {"templated", "sample::templated<std::string>(const std::vector<std::string>&)"},
      {"plain_c", "plain_c"}};
  for (const auto& [call, function] : functions)
    EXPECT_THAT(resolve(SAMPLE_FILE, call), ElementsAre(Known{function, source, calls().at(call).inner_line, false}))
        << call;
}

TEST(Resolver, FindsTheModuleAnAddressLiesIn) {
  const auto library_bias = bias + 0x200000;
  Resolver resolver(
      {{SAMPLE_LIBRARY, "", library_bias, library_bias + 0x100000, library_bias}, module_of(SAMPLE_FILE)});
  const auto& call = calls().at("library");
  EXPECT_THAT(known(resolver.frames_at(library_bias + call.return_address)),
              ElementsAre(Known{"library::called()", library_source, call.inner_line, false}));
  EXPECT_THAT(known(resolver.frames_at(bias + calls().at("plain_c").return_address)),
              ElementsAre(Known{"plain_c", source, calls().at("plain_c").inner_line, false}));
}

TEST(Resolver, FindsUnitsWithoutTheirIndex) {
  EXPECT_EQ(resolve(copy("without_aranges"), "inlined_twice"), resolve(SAMPLE_FILE, "inlined_twice"));
}

TEST(Resolver, StrippedOfDebugInfoThereIsStillTheFunction) {
  EXPECT_THAT(resolve(copy("stripped"), "plain_c"), ElementsAre(Known{"plain_c", "", 0, false}));
  EXPECT_THAT(resolve(copy("stripped"), "hidden"),
              ElementsAre(Known{"sample::(anonymous namespace)::hidden()", "", 0, false}));
}

TEST(Resolver, StrippedOfEverythingThereIsThePlaceInTheModule) {
  Resolver resolver({module_of(copy("bare"))});
  const auto address = calls().at("hidden").return_address;
  const auto& frames = resolver.frames_at(bias + address);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].function, place("bare", address - 1));
  EXPECT_EQ(frames[0].module, copy("bare"));
  EXPECT_EQ(frames[0].module_offset, address - 1);
  EXPECT_EQ(frames[0].raw_name, "");
}

TEST(Resolver, FollowsTheLinkToSeparateDebugInfo) {
  EXPECT_EQ(resolve(copy("linked"), "inlined_twice"), resolve(SAMPLE_FILE, "inlined_twice"));
}

/// The link has a checksum: what lies there now may be of another build.
TEST(Resolver, ALinkToAnotherFileThanItsOwnIsNotFollowed) {
  const auto folder = std::filesystem::path(testing::TempDir()) / ("soak-link-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(copy("linked"), folder / "linked");
  std::filesystem::copy_file(SAMPLE_LIBRARY, folder / "linked.debug");
  const auto address = calls().at("plain_c").return_address;
  EXPECT_THAT(resolve((folder / "linked").string(), "plain_c"),
              ElementsAre(Known{place("linked", address - 1), "", 0, false}));
  std::filesystem::copy_file(copy("linked.debug"), folder / "linked.debug",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(resolve((folder / "linked").string(), "plain_c")[0].function, "plain_c");
  std::filesystem::remove_all(folder);
}

class DebugFolder : public testing::Test {
 protected:
  DebugFolder() {
    const std::string build_id = SAMPLE_BUILD_ID;
    const auto folder = folder_ / ".build-id" / build_id.substr(0, 2);
    std::filesystem::create_directories(folder);
    std::filesystem::copy_file(copy("linked.debug"), folder / (build_id.substr(2) + ".debug"),
                               std::filesystem::copy_options::overwrite_existing);
  }
  ~DebugFolder() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::vector<Known> resolve_with_folder(const Module& module) const {
    Resolver resolver({module}, folder_);
    return known(resolver.frames_at(bias + calls().at("inlined_twice").return_address));
  }

  const std::filesystem::path folder_ = testing::TempDir() + "soak-debug-" + std::to_string(::getpid());
};

TEST_F(DebugFolder, GivesDebugInfoByBuildId) {
  EXPECT_EQ(resolve_with_folder(module_of(copy("bare"))), resolve(SAMPLE_FILE, "inlined_twice"));
}

TEST_F(DebugFolder, GivesDebugInfoOfAFileThatIsGone) {
  EXPECT_EQ(resolve_with_folder(module_of("/gone/sample")), resolve(SAMPLE_FILE, "inlined_twice"));
}

TEST(Resolver, AFileBuiltAnewIsNotTheOneThatRan) {
  Resolver resolver({module_of(SAMPLE_FILE, "00112233")});
  const auto address = calls().at("plain_c").return_address;
  EXPECT_EQ(resolver.frames_at(bias + address)[0].function, place("symbols_sample", address - 1));
}

TEST(Resolver, TakesTheModuleThatTheAddressLayInThen) {
  // The library was loaded where the program's own code is said to be.
  Resolver resolver({Module(), {SAMPLE_LIBRARY, "", bias, bias + 0x100000, bias}, module_of(SAMPLE_FILE)});
  const auto& call = calls().at("library");
  const auto address = bias + call.return_address;
  EXPECT_THAT(known(resolver.frames_at(address, 1)),
              ElementsAre(Known{"library::called()", library_source, call.inner_line, false}));
  EXPECT_NE(resolver.frames_at(address, 2)[0].function, "library::called()");
  for (const std::size_t none : {std::size_t{0}, std::size_t{3}, ~std::size_t{0}})
    EXPECT_EQ(resolver.frames_at(0x1235, none)[0].function, "0x1234");
}

TEST(Resolver, WhatCannotBeReadIsAPlaceInTheModule) {
  const auto text = copy("no.elf");
  std::ofstream(text) << "not a program";
  for (const auto& path : {std::string("/gone/libgone.so"), text, std::string("/tmp"), std::string("[vdso]")}) {
    Resolver resolver({module_of(path, "")});
    const auto& frames = resolver.frames_at(bias + 0x11);
    ASSERT_EQ(frames.size(), 1u) << path;
    EXPECT_EQ(frames[0].function, std::filesystem::path(path).filename().string() + "+0x10");
  }
}

TEST(Resolver, AnAddressInNoModuleIsANumber) {
  Resolver resolver({module_of(SAMPLE_FILE)});
  for (const auto& [address, text] : std::map<std::uint64_t, std::string>{
           {0x1235, "0x1234"}, {bias + 0x100001, "0x7f0000100000"}, {0, "0x0"}, {~0ull, "0xfffffffffffffffe"}}) {
    EXPECT_EQ(resolver.frames_at(address)[0].function, text);
    EXPECT_EQ(resolver.frames_at(address)[0].module, "");
  }
}

TEST(Resolver, AStackIsItsFramesOneAfterTheOther) {
  Resolver resolver({module_of(SAMPLE_FILE)});
  const std::vector<std::uint64_t> addresses = {bias + calls().at("inlined_twice").return_address,
                                                bias + calls().at("plain_c").return_address};
  const auto frames = resolver.stack(addresses);
  ASSERT_EQ(frames.size(), 4u);
  EXPECT_EQ(frames[2].function, "sample::Worker::work(const std::string&)");
  EXPECT_EQ(frames[3].function, "plain_c");
}

TEST(Resolver, NeverAsksTheNetwork) {
  ::setenv("DEBUGINFOD_URLS", "http://127.0.0.1:1", 1);
  const Resolver resolver({});
  EXPECT_EQ(std::getenv("DEBUGINFOD_URLS"), nullptr);
}

}  // namespace
}  // namespace soak::symbols
