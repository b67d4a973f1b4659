// A counted reference that is taken and not given back: the early return of an unchanged document.
#include <array>
#include <atomic>
#include <cstdint>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

/// Counts its owners itself, as objects of COM, GLib and many kernels do. Begins with one.
class Document {
 public:
  static Document* load(std::uint64_t version) { return new Document(version); }  // leaks here
  void retain() { ++references_; }
  void release() {
    if (--references_ == 0) delete this;
  }
  [[nodiscard]] std::uint64_t version() const { return version_; }

 private:
  explicit Document(std::uint64_t version) : version_(version) { text_.fill(' '); }
  ~Document() = default;

  std::atomic<int> references_{1};
  std::uint64_t version_;
  std::array<char, 200> text_;
};

template <Twin twin>
bool show_if_changed(Document* document, std::uint64_t shown_version) {
  document->retain();
  if (document->version() == shown_version) {
    if constexpr (twin == Twin::fixed) document->release();
    return false;
  }
  benchmark::DoNotOptimize(*document);
  document->release();
  return true;
}

template <Twin twin>
void unreleased_reference(benchmark::State& state) {
  std::uint64_t version = 0;
  for (auto _ : soak::checkpoints(state)) {
    auto* const document = Document::load(++version / 2);  // Every second one has not changed.
    show_if_changed<twin>(document, (version - 1) / 2);
    document->release();
  }
}
LEAKY_TWINS(unreleased_reference, 1000);

}  // namespace
}  // namespace leaky
