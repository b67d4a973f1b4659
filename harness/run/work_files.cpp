#include "run/work_files.hpp"

#include <fmt/format.h>

#include "record/identity.hpp"
#include "region/region_reader.hpp"

namespace soak::run {

ChildFiles child_files(const std::filesystem::path& work_folder, const record::Scenario& scenario,
                       std::size_t number) {
  const auto name = fmt::format("{}.{}", record::file_name_of(scenario.name), number + 1);
  return {work_folder / (name + ".json"), work_folder / (name + ".region")};
}

void remove_child_files(const ChildFiles& files) noexcept {
  std::error_code ignored;
  std::filesystem::remove(files.benchmark_json, ignored);
  std::filesystem::remove(files.region, ignored);
}

void take_unfinished_readings(record::Run& run, const std::filesystem::path& record_folder) {
  for (auto& scenario : run.scenarios)
    for (std::size_t i = 0; i < scenario.repetitions.size(); ++i) {
      auto& repetition = scenario.repetitions[i];
      if (repetition.ending != record::Ending::running) continue;
      if (auto region = region::read_region(child_files(record_folder / "work", scenario, i).region))
        repetition.checkpoints = std::move(region->checkpoints);
    }
}

}  // namespace soak::run
