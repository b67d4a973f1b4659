// soak report: a record drawn, for people and for machines, or the pages of an archive of runs.
#pragma once

#include <filesystem>
#include <string>

#include "app/keep_history.hpp"

namespace soak::app {

struct DrawOptions {
  HistoryPlace place;
  std::filesystem::path run, output;  ///< Empty output: stdout.
  std::string format;                 ///< A name of report::all_formats(); empty: text with every call site.
  std::string scenario;               ///< Only this one; empty: all.
  std::string base;                   ///< An older run that the page compares with; empty: none.
  bool is_site = false;               ///< Instead of a run, a folder of pages about all runs.
};

/// Returns the exit status. Throws UserError, UnreadableRecord, history::StoreError.
[[nodiscard]] int draw(const DrawOptions& options);

}  // namespace soak::app
