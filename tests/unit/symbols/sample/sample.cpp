// Functions of all kinds whose lines the resolver's tests know. Prints where they are.
#include <string>
#include <vector>

#include "note.hpp"

namespace library {
void called();
}

namespace sample {
namespace {

[[gnu::always_inline]] inline void innermost(int outer_line) { note("inlined_twice", __LINE__, outer_line); }

[[gnu::always_inline]] inline void middle(int outer_line) { innermost(outer_line); }

[[gnu::noinline]] void hidden() {
  note("hidden", __LINE__, 0);
  asm volatile("");
}

}  // namespace

class Worker {
 public:
  [[gnu::noinline]] void work(const std::string& name) const;
};

void Worker::work(const std::string& name) const {
  middle(__LINE__);
  if (name == "lambda") {
    const auto tell = [&name]() __attribute__((noinline)) {
      note(name.c_str(), __LINE__, 0);
      asm volatile("");
    };
    tell();
  }
  asm volatile("");
}

template <typename Value>
[[gnu::noinline]] void templated(const std::vector<Value>& values) {
  note("templated", __LINE__, static_cast<int>(values.size()));
  asm volatile("");
}

}  // namespace sample

extern "C" [[gnu::noinline]] void plain_c() {
  note("plain_c", __LINE__, 0);
  asm volatile("");
}

int main() {
  sample::Worker().work("lambda");
  sample::hidden();
  sample::templated(std::vector<std::string>{"value"});
  plain_c();
  library::called();
}
