// A map of std::any as the memory of a whole pipeline: each stage leaves attributes under names of its own.
#include <any>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

class Pipeline {
 public:
  void set(const std::string& name, std::any value) { attributes_.insert_or_assign(name, std::move(value)); }
  void forget(const std::string& name) { attributes_.erase(name); }

 private:
  std::map<std::string, std::any> attributes_;
};

template <Twin twin>
void process(Pipeline& pipeline, std::uint64_t job) {
  const auto attribute = "job-" + std::to_string(job) + "/histogram";
  pipeline.set(attribute, std::vector<std::uint32_t>(64, 1));  // leaks here
  if constexpr (twin == Twin::fixed) pipeline.forget(attribute);
}

template <Twin twin>
void any_attributes(benchmark::State& state) {
  Pipeline pipeline;
  std::uint64_t job = 0;
  for (auto _ : soak::checkpoints(state)) process<twin>(pipeline, job++);
}
LEAKY_TWINS(any_attributes, 1000);

}  // namespace
}  // namespace leaky
