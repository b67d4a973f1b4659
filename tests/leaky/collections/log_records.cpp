// Log records that pile up: a sink that keeps all records for a crash report, instead of the last ones.
#include <list>
#include <string>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
class CrashLogSink {
 public:
  void write(const std::string& record) {
    records_.push_back(record);  // leaks here
    if (twin == Twin::fixed && records_.size() > kept_records) records_.pop_front();
  }

 private:
  static constexpr std::size_t kept_records = 64;
  std::list<std::string> records_;
};

template <Twin twin>
void log_records(benchmark::State& state) {
  CrashLogSink<twin> sink;
  const std::string record = "WARN GET /playlist/latest answered 200 after 12 ms from cache";
  for (auto _ : soak::checkpoints(state)) sink.write(record);
}
LEAKY_TWINS(log_records, 1000);

}  // namespace
}  // namespace leaky
