// Does a store of records hold more memory, files or descriptors the longer it is written to? The store is bounded
// and full after the first tenth of the run; from then on each new record removes an old one.
#include <fmt/format.h>

#include <optional>
#include <random>
#include <soak/soak.hpp>
#include <stdexcept>
#include <storage/record_store.hpp>
#include <storage/temporary_folder.hpp>
#include <string>

namespace {

constexpr std::int64_t live_records = 128;
constexpr std::uint64_t keys = 2 * live_records;
constexpr std::uint64_t smallest_record = 200;
constexpr std::uint64_t largest_record = 4000;
constexpr int iterations_between_checks = 100;

class StorageWrites : public benchmark::Fixture {
 public:
  using benchmark::Fixture::SetUp;
  using benchmark::Fixture::TearDown;

  void SetUp(benchmark::State&) override {
    folder_.emplace("soak-storage-");
    store_.emplace(storage::StoreSettings{.folder = folder_->path(), .max_records = live_records});
    random_.seed(20260801);
    iteration_ = 0;
  }

  void TearDown(benchmark::State&) override {
    store_.reset();
    folder_.reset();
  }

 protected:
  /// One day of a small archive: a record is written, or replaced; another is read; now and then one is deleted, and
  /// now and then everything is checked.
  void write_read_delete() {
    const auto content = make_content();
    const auto key = random_key();
    store_->put(key, content);
    if (store_->find(key) != content) throw std::runtime_error("record '" + key + "' was not read back");
    benchmark::DoNotOptimize(store_->find(random_key()));
    ++iteration_;
    if (iteration_ % 7 == 0) store_->remove(random_key());
    if (iteration_ % iterations_between_checks == 0) check_integrity();
  }

 private:
  std::string random_key() { return fmt::format("video/{:04}", random_() % keys); }

  std::string make_content() {
    const auto size = smallest_record + random_() % (largest_record - smallest_record);
    return std::string(size, static_cast<char>('a' + random_() % 26));
  }

  void check_integrity() {
    const auto problems = store_->find_problems();
    if (problems.empty()) return;
    throw std::runtime_error(fmt::format("'{}': {}", problems.front().name, to_string(problems.front().damage)));
  }

  std::optional<storage::TemporaryFolder> folder_;
  std::optional<storage::RecordStore> store_;
  std::mt19937_64 random_;
  std::int64_t iteration_ = 0;
};

BENCHMARK_DEFINE_F(StorageWrites, write_read_delete)(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) write_read_delete();
}
SOAK_REGISTER_F(StorageWrites, write_read_delete)->Name("StorageWrites")->Iterations(4000);

}  // namespace
