#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>

#include "probe/sites/shadow.hpp"

namespace soak::probe {
namespace {

const auto page = static_cast<std::size_t>(getpagesize());

class MappedPages {
 public:
  MappedPages(std::size_t count, int flags)
      : bytes_(count * page),
        memory_(
            static_cast<std::byte*>(mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0))) {
    madvise(memory_, bytes_, MADV_NOHUGEPAGE);
  }
  MappedPages(const MappedPages&) = delete;
  MappedPages& operator=(const MappedPages&) = delete;
  ~MappedPages() { munmap(memory_, bytes_); }
  void touch(std::size_t number) const { memory_[number * page] = std::byte{1}; }
  [[nodiscard]] std::byte* begin() const { return memory_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_;
  std::byte* memory_;
};

TEST(ResidentBytes, AreThoseOfPagesWrittenTo) {
  const MappedPages pages(20'000, MAP_PRIVATE);
  EXPECT_EQ(resident_bytes(pages.begin(), pages.bytes()), 0);
  for (const std::size_t number : {std::size_t{0}, std::size_t{7}, std::size_t{19'999}}) pages.touch(number);
  EXPECT_EQ(resident_bytes(pages.begin(), pages.bytes()), 3 * static_cast<std::int64_t>(page));
}

TEST(PresentBytes, OfASharedMappingAreThoseThatThisProcessHasWrittenTo) {
  const MappedPages pages(3'000, MAP_SHARED);
  EXPECT_EQ(present_bytes(pages.begin(), pages.bytes()), 0);
  for (const std::size_t number : {std::size_t{0}, std::size_t{1024}, std::size_t{2'999}}) pages.touch(number);
  EXPECT_EQ(present_bytes(pages.begin(), pages.bytes()), 3 * static_cast<std::int64_t>(page));
}

TEST(PresentBytes, AreNoLongerThoseOfPagesGivenBackToTheirFile) {
  const MappedPages pages(100, MAP_SHARED);
  for (std::size_t number = 0; number < 100; ++number) pages.touch(number);
  ASSERT_EQ(madvise(pages.begin(), pages.bytes(), MADV_DONTNEED), 0);
  EXPECT_EQ(present_bytes(pages.begin(), pages.bytes()), 0);
}

TEST(PresentBytes, OfNothingIsNothing) { EXPECT_EQ(present_bytes(nullptr, 0), 0); }

}  // namespace
}  // namespace soak::probe
