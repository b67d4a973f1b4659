#include "app/store_run.hpp"

#include <fmt/format.h>

#include <exception>

#include "base/say.hpp"
#include "history/measure.hpp"
#include "history/store.hpp"

namespace soak::app {

void store_run(const record::Run& run, const std::filesystem::path& folder, const config::Config& config,
               const std::string& store) noexcept {
  try {
    const auto configured = store.empty() ? config.store : store;
    auto measured = history::measure(run, history::judge_anyhow(run, config), config);
    measured.info.record = std::filesystem::absolute(folder).string();
    history::Store(history::default_store(configured, folder.parent_path().string()), history::Access::write)
        .add(measured);
  } catch (const std::exception& error) {
    say(stderr, fmt::format("soak: the run was not added to the history: {}\n"
                            "soak: its record is whole; soak history import {} adds it\n",
                            error.what(), folder.string()));
  }
}

}  // namespace soak::app
