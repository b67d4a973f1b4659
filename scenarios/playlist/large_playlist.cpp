// Does processing a playlist leave anything behind? Each iteration reads the whole document, plans its jobs chunk by
// chunk and writes the manifest anew; the argument is the number of entries.
#include <optional>
#include <playlist/generator.hpp>
#include <playlist/process_playlist.hpp>
#include <soak/soak.hpp>
#include <stdexcept>
#include <storage/temporary_folder.hpp>

namespace {

class LargePlaylist : public benchmark::Fixture {
 public:
  using benchmark::Fixture::SetUp;
  using benchmark::Fixture::TearDown;

  void SetUp(benchmark::State& state) override {
    folder_.emplace("soak-playlist-");
    playlist::generate_playlist_file(document(),
                                     {.entries = static_cast<std::size_t>(state.range(0)), .seed = 20260801});
  }

  void TearDown(benchmark::State&) override { folder_.reset(); }

 protected:
  void process(benchmark::State& state) {
    std::optional<playlist::ProcessingSummary> first;
    for (auto _ : soak::checkpoints(state)) {
      const auto summary = process_once();
      if (!first) first = summary;
      if (summary != *first) throw std::runtime_error("the same playlist gave another result");
    }
  }

 private:
  playlist::ProcessingSummary process_once() const {
    playlist::Progress last;
    const auto summary = playlist::process_playlist(document(), folder_->path() / "manifest.json", {},
                                                    [&last](const playlist::Progress& progress) { last = progress; });
    if (last.percent() != 100) throw std::runtime_error("the progress reported did not reach 100 %");
    return summary;
  }

  [[nodiscard]] std::filesystem::path document() const { return folder_->path() / "playlist.json"; }

  std::optional<storage::TemporaryFolder> folder_;
};

// Two cases of the same work: what takes longer needs fewer iterations.
BENCHMARK_DEFINE_F(LargePlaylist, small)(benchmark::State& state) { process(state); }
SOAK_REGISTER_F(LargePlaylist, small)->Name("LargePlaylist")->Arg(150)->Iterations(400);

BENCHMARK_DEFINE_F(LargePlaylist, large)(benchmark::State& state) { process(state); }
SOAK_REGISTER_F(LargePlaylist, large)->Name("LargePlaylist")->Arg(10000)->Iterations(16);

}  // namespace
