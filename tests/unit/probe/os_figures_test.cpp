#include "probe/os_figures.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "in_child.hpp"

namespace soak::probe {
namespace {

std::int64_t open_files() {
  layout::Reading reading;
  count_descriptors(reading);
  return reading.open_files;
}

layout::Reading kinds() {
  layout::Reading reading;
  count_descriptors_by_kind(reading);
  return reading;
}

layout::Reading status() {
  layout::Reading reading;
  read_status(reading);
  return reading;
}

/// Descriptors that stand for the file of /proc that the probe keeps open.
int kept_descriptor() {
  char link[32], target[64];
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
    const auto size = readlink(link, target, sizeof(target) - 1);
    if (size > 0 && std::string_view(target, static_cast<std::size_t>(size)).ends_with("/status")) return descriptor;
  }
  return -1;
}

TEST(CountDescriptors, CountsTheProgramsAndNotTheProbes) {
  open_os_figures();
  ASSERT_EQ(own_descriptors(), 1);
  const auto before = open_files();
  const int file = open("/dev/null", O_RDONLY);
  EXPECT_EQ(open_files(), before + 1);
  close(file);
  EXPECT_EQ(open_files(), before);
}

TEST(CountDescriptors, TellsTheKinds) {
  const auto before = kinds();
  int pipe_ends[2], sockets[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
  const int file = open("/proc/self/stat", O_RDONLY);
  const auto after = kinds();
  EXPECT_EQ(after.open_pipes - before.open_pipes, 2);
  EXPECT_EQ(after.open_sockets - before.open_sockets, 2);
  EXPECT_EQ(after.open_regular_files - before.open_regular_files, 1);
  EXPECT_EQ(after.open_others, before.open_others);
  for (const int descriptor : {pipe_ends[0], pipe_ends[1], sockets[0], sockets[1], file}) close(descriptor);
}

TEST(ReadStatus, ReadsPlausibleFigures) {
  const auto reading = status();
  EXPECT_GT(reading.resident_bytes, 1 << 20);
  EXPECT_GE(reading.peak_resident_bytes, reading.resident_bytes);
  EXPECT_GT(reading.virtual_bytes, reading.resident_bytes);
  EXPECT_EQ(reading.threads, 1);
}

TEST(ReadSmapsRollup, ReadsProportionalAndUniqueBytes) {
  layout::Reading reading;
  read_smaps_rollup(reading);
  EXPECT_GT(reading.unique_bytes, 0);
  EXPECT_GE(reading.proportional_bytes, reading.unique_bytes);
}

TEST(ReadStatus, KeepsItsFileOutOfTheWayOfLowNumbers) {
  open_os_figures();
  EXPECT_GE(kept_descriptor(), 100);
}

TEST(ReadStatus, WorksWhenTheProgramRunsOutOfDescriptors) {
  EXPECT_EQ(in_child([] {
              open_os_figures();
              const rlimit none_left{0, 0};
              setrlimit(RLIMIT_NOFILE, &none_left);
              return status().resident_bytes > 0 ? 0 : 1;
            }),
            0);
}

TEST(ReadStatus, OpensItsFileAgainWhenTheProgramClosedIt) {
  open_os_figures();
  close(kept_descriptor());
  EXPECT_EQ(own_descriptors(), 0);
  EXPECT_GT(status().resident_bytes, 0);
  EXPECT_EQ(own_descriptors(), 1);
}

TEST(ReadStatus, LeavesAFileOfTheProgramAloneThatGotItsNumber) {
  open_os_figures();
  const int number = kept_descriptor();
  const int other = open("/dev/zero", O_RDONLY);
  ASSERT_EQ(dup2(other, number), number);
  EXPECT_EQ(own_descriptors(), 0);
  EXPECT_GT(status().resident_bytes, 0);
  EXPECT_NE(kept_descriptor(), number);
  EXPECT_NE(fcntl(number, F_GETFD), -1);
  close(number);
  close(other);
}

TEST(ReadStatus, ReadsTheForkedChildNotItsParent) {
  open_os_figures();
  const auto parent = status();
  EXPECT_EQ(in_child([&] {
              const auto begin = open_files();
              constexpr std::size_t more = 64 << 20;
              auto* const memory = new char[more];
              for (std::size_t i = 0; i < more; i += 4096) const_cast<volatile char*>(memory)[i] = 1;
              const bool sees_own = status().resident_bytes > parent.resident_bytes + (32 << 20);
              return sees_own && own_descriptors() == 1 && open_files() == begin ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace soak::probe
