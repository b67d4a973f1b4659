#include "app/keep_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <exception>
#include <future>
#include <system_error>
#include <thread>

#include "app/chosen_config.hpp"
#include "app/output.hpp"
#include "base/text.hpp"
#include "base/user_error.hpp"
#include "history/measure.hpp"
#include "history/repository.hpp"
#include "history/store.hpp"

namespace soak::app {
namespace fs = std::filesystem;
namespace {

/// The records among what was named: each itself, or those in a folder of records, in the order of their names.
std::vector<fs::path> records_in(const std::vector<fs::path>& named) {
  std::vector<fs::path> records;
  for (const auto& path : named) {
    std::error_code error;
    if (!fs::is_directory(path, error) || fs::exists(path / "run.json", error)) {
      records.push_back(path);
      continue;
    }
    std::vector<fs::path> inside;
    for (const auto& entry : fs::directory_iterator(path, error))
      if (!entry.is_symlink() && fs::exists(entry.path() / "run.json", error)) inside.push_back(entry.path());
    if (inside.empty())
      throw UserError(fmt::format("{}: holds no run records; name the folder of one, or the folder that has them",
                                  path.string()));
    std::ranges::sort(inside);
    records.insert(records.end(), inside.begin(), inside.end());
  }
  return records;
}

struct Counts {
  std::size_t added = 0, completed = 0, already_there = 0, unreadable = 0;
};

/// Reading takes longer than storing: as many records are read ahead as there are processors.
class ReadAhead {
 public:
  ReadAhead(const std::vector<fs::path>& records, const config::Config& config) : records_(records), config_(config) {
    const auto width = std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < width; ++i) start_next();
  }

  /// Of the records in their order. Throws what reading it threw.
  history::MeasuredRun next() {
    auto reading = std::move(readings_.front());
    readings_.pop_front();
    start_next();
    return reading.get();
  }

 private:
  void start_next() {
    if (started_ == records_.size()) return;
    readings_.push_back(std::async(std::launch::async, [this, &record = records_[started_]] {
      return history::load_measured(record, config_);
    }));
    ++started_;
  }

  const std::vector<fs::path>& records_;
  const config::Config& config_;
  std::size_t started_ = 0;
  std::deque<std::future<history::MeasuredRun>> readings_;
};

void count(history::Added added, Counts& counts) {
  if (added == history::Added::added) ++counts.added;
  if (added == history::Added::completed) ++counts.completed;
  if (added == history::Added::already_there) ++counts.already_there;
}

std::string import_summary(const Counts& counts, const std::string& store) {
  auto text = fmt::format("{} added to {}, {} already there", counts.added, store, counts.already_there);
  if (counts.completed > 0) text += fmt::format(", {} now whole", counts.completed);
  if (counts.unreadable > 0) text += fmt::format(", {} could not be read", counts.unreadable);
  return text + "\n";
}

std::string line_of(const history::RunInfo& run) {
  std::string marks;
  if (run.dirty) marks += "  uncommitted changes";
  if (!run.completed) marks += "  incomplete";
  const auto host = run.fingerprint.find("host");
  return fmt::format("{:<20}  {:<12}  {}{}{}\n", sanitize(run.started_at),
                     run.commit.empty() ? "-" : sanitize(history::short_hash(run.commit)), sanitize(run.id),
                     host == run.fingerprint.end() ? "" : "  on " + sanitize(host->second), marks);
}

/// Newest first: those that neither `keep` nor `older_than` protects.
std::vector<history::RunInfo> to_prune(const std::vector<history::RunInfo>& runs, const HistoryOptions& options) {
  std::vector<history::RunInfo> pruned;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const bool counts_out = options.keep > 0 && i >= options.keep;
    const bool too_old = !options.older_than.empty() && runs[i].started_at < options.older_than;
    if (counts_out || too_old) pruned.push_back(runs[i]);
  }
  return pruned;
}

void require_date(const std::string& text) {
  const std::string shape = "0000-00-00";
  bool is_date = text.size() == shape.size();
  for (std::size_t i = 0; is_date && i < shape.size(); ++i)
    is_date = shape[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == shape[i];
  if (!is_date) throw UserError(fmt::format("--before {}: give a day such as 2026-08-31", text));
}

}  // namespace

fs::path HistoryPlace::results_folder(const config::Config& config) const {
  return results.empty() ? config.results : results;
}

std::string HistoryPlace::store_address(const config::Config& config) const {
  return history::default_store(store.empty() ? config.store : store, results_folder(config).string());
}

history::Places HistoryPlace::places(const config::Config& config) const {
  return {
      .repository_folder = ".", .store = store_address(config), .results = results_folder(config), .config = config};
}

void store_run(const RunResult& result, const config::Config& config, const std::string& store) noexcept {
  try {
    const auto configured = store.empty() ? config.store : store;
    auto measured = history::measure(result.run, history::verdicts_of(result.verdict), config);
    measured.info.record = fs::absolute(result.folder).string();
    history::Store(history::default_store(configured, result.folder.parent_path().string()), history::Access::write)
        .add(measured);
  } catch (const std::exception& error) {
    say(stderr, fmt::format("soak: the run was not added to the history: {}\n"
                            "soak: its record is whole; soak history import {} adds it\n",
                            error.what(), result.folder.string()));
  }
}

int import_records(const HistoryOptions& options) {
  const auto config = chosen_config(options.place.config_file);
  const auto results = options.place.results_folder(config);
  const auto records = records_in(options.records.empty() ? std::vector{results} : options.records);
  history::Store store(options.place.store_address(config), history::Access::write);
  Counts counts;
  ReadAhead ahead(records, config);
  for (std::size_t i = 0; i < records.size(); ++i) try {
      count(store.add(ahead.next()), counts);
    } catch (const history::StoreError&) {
      say(stderr, "soak: " + import_summary(counts, store.name()));
      throw;                                 // the next one would fare no better
    } catch (const std::exception& error) {  // one record that cannot be read does not keep the others out
      talk(error.what());
      ++counts.unreadable;
    }
  return print_with_status(import_summary(counts, store.name()), counts.unreadable == 0 ? 0 : not_measured);
}

int list_history(const HistoryOptions& options) {
  const auto config = chosen_config(options.place.config_file);
  history::Store store(options.place.store_address(config), history::Access::read);
  std::string text;
  const auto runs = store.runs();
  for (const auto& run : runs) text += line_of(run);
  text += fmt::format("{} run{} in {}\n", runs.size(), runs.size() == 1 ? "" : "s", store.name());
  return print_with_status(text);
}

int prune_history(const HistoryOptions& options) {
  if (options.keep == 0 && options.older_than.empty())
    throw UserError("say what to keep: --keep COUNT (of the newest), or --before DAY");
  if (!options.older_than.empty()) require_date(options.older_than);
  const auto config = chosen_config(options.place.config_file);
  history::Store store(options.place.store_address(config), history::Access::write);
  const auto pruned = to_prune(store.runs(), options);
  if (options.dry_run) {
    std::string text;
    for (const auto& run : pruned) text += line_of(run);
    return print_with_status(text + fmt::format("{} would be removed from {}\n", pruned.size(), store.name()));
  }
  const auto removed = store.remove(pruned);
  return print_with_status(
      fmt::format("{} removed from {}; their records are where they were\n", removed, store.name()));
}

}  // namespace soak::app
