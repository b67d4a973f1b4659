#include "probe/types/memory_copy.hpp"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

namespace soak::probe {
namespace {

/// The least page size: what is read in pieces of it is read as far as it can be.
constexpr std::uint64_t page = 4096;

std::uint64_t page_of(std::uint64_t address) noexcept { return address & ~(page - 1); }

}  // namespace

bool copy_memory(std::uint64_t from, void* to, std::size_t bytes) noexcept {
  const iovec local{to, bytes}, remote{reinterpret_cast<void*>(from), bytes};
  return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(bytes);
}

bool copy_text(std::uint64_t from, char* to, std::size_t capacity) noexcept {
  for (std::size_t size = 0; size < capacity;) {
    const auto to_page_end = page_of(from + size) + page - (from + size);
    const auto bytes = to_page_end < capacity - size ? to_page_end : capacity - size;
    if (!copy_memory(from + size, to + size, bytes)) return false;
    if (memchr(to + size, '\0', bytes) != nullptr) return true;
    size += bytes;
  }
  return false;
}

bool MemoryWindow::copy_pages(std::uint64_t begin, std::uint64_t end) noexcept {
  if (!copy_memory(begin, bytes_, end - begin)) return false;
  begin_ = begin;
  end_ = end;
  return true;
}

const std::uint64_t* MemoryWindow::words_at(std::uint64_t address, std::size_t words) noexcept {
  const auto end = address + words * sizeof(std::uint64_t);
  if (address < begin_ || end > end_) {
    forget();
    const auto first = page_of(address);
    // Far, and if there is a hole, as near as will do.
    if (!copy_pages(first, first + capacity) && !copy_pages(first, page_of(end - 1) + page)) return nullptr;
  }
  return reinterpret_cast<const std::uint64_t*>(bytes_ + (address - begin_));
}

bool MemoryWindow::word_at(std::uint64_t address, std::uint64_t& word) const noexcept {
  if (address < begin_ || address + sizeof(word) > end_) return copy_value(address, word);
  memcpy(&word, bytes_ + (address - begin_), sizeof(word));
  return true;
}

}  // namespace soak::probe
