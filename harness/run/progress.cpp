#include "run/progress.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>

#include "base/text.hpp"
#include "base/units.hpp"
#include "region/layout/region_layout.hpp"

namespace soak::run {
namespace {

using layout::Reading;
using layout::RegionHeader;

class ReadOnlyFile {
 public:
  explicit ReadOnlyFile(const std::filesystem::path& file) : descriptor_(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~ReadOnlyFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  ReadOnlyFile(const ReadOnlyFile&) = delete;
  ReadOnlyFile& operator=(const ReadOnlyFile&) = delete;

  /// False where the file ends before.
  template <typename Value>
  bool read(Value& value, std::uint64_t offset) const {
    return descriptor_ >= 0 && pread(descriptor_, static_cast<void*>(&value), sizeof(value),
                                     static_cast<off_t>(offset)) == static_cast<ssize_t>(sizeof(value));
  }

 private:
  int descriptor_;
};

std::optional<std::int64_t> measured(std::int64_t value) {
  return value == layout::absent ? std::nullopt : std::optional(value);
}

std::optional<std::int64_t> last_iteration(const ReadOnlyFile& file, const RegionHeader& header) {
  const auto& section = header.sections[static_cast<std::size_t>(layout::SectionId::readings)];
  const auto count = std::min(header.reading_count.load(), section.capacity);
  Reading reading;
  if (count == 0 || section.entry_bytes != sizeof(Reading)) return {};
  if (!file.read(reading, section.offset + (count - 1) * sizeof(Reading))) return {};
  return measured(reading.iteration);
}

std::optional<std::int64_t> resident_bytes(std::int32_t process) {
  std::ifstream statm(fmt::format("/proc/{}/statm", process));
  std::int64_t total_pages = 0, resident_pages = 0;
  if (process <= 0 || !(statm >> total_pages >> resident_pages)) return {};
  return resident_pages * sysconf(_SC_PAGESIZE);
}

/// A scenario nobody has run yet and that tells us nothing: a guess, replaced as soon as one has ended.
constexpr double unknown_scenario_seconds = 2;

std::string cut(const std::string& line, std::size_t most_columns) {
  std::u32string kept;
  std::size_t columns = 0;
  for (const char32_t character : decode_utf8(line)) {
    columns += terminal_columns(character);
    if (columns > most_columns) break;
    kept += character;
  }
  return encode_utf8(kept);
}

}  // namespace

LiveFigures live_figures(const std::filesystem::path& region) {
  const ReadOnlyFile file(region);
  RegionHeader header;
  if (!file.read(header, 0) || header.magic != layout::region_magic || header.version != layout::region_version)
    return {};
  LiveFigures figures;
  figures.iterations = last_iteration(file, header);
  figures.planned_iterations = measured(header.planned_iterations);
  if (header.heap_is_counted == 1) figures.heap_bytes = header.carried_bytes.load();
  figures.rss_bytes = resident_bytes(header.owner_pid.load());
  return figures;
}

std::string format_figures(const LiveFigures& figures) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (figures.iterations && figures.planned_iterations)
    add(fmt::format("{} of {}", *figures.iterations, *figures.planned_iterations));
  else if (figures.iterations)
    add(fmt::format("{} done", *figures.iterations));
  if (figures.heap_bytes) add("heap " + format_bytes(static_cast<double>(*figures.heap_bytes)));
  if (figures.rss_bytes) add("RSS " + format_bytes(static_cast<double>(*figures.rss_bytes)));
  return text;
}

std::string format_rough_time(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::ceil(std::max(seconds, 0.0)));
  if (whole < 60) return fmt::format("{} s", whole);
  const auto minutes = (whole + 59) / 60;
  return minutes < 60 ? fmt::format("{} min", minutes) : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

Progress::Progress(std::FILE* out, bool is_terminal, std::map<std::string, double> expected_seconds)
    : out_(out), is_terminal_(is_terminal), expected_seconds_(std::move(expected_seconds)) {}

void Progress::begin_run(const record::Run& run) { run_ = &run; }

void Progress::begin_scenario(const record::Scenario&, std::size_t index) {
  index_ = index;
  seconds_in_scenario_ = 0;
  activity_.clear();
  tick(0);
}

void Progress::begin_scaled_run(std::int64_t iterations) {
  begin_activity(fmt::format(" again, {} iterations", iterations));
}

void Progress::begin_explained_run(std::int64_t iterations) {
  begin_activity(fmt::format(" again with call sites, {} iterations", iterations));
}

void Progress::begin_activity(std::string activity) {
  activity_ = std::move(activity);
  if (is_terminal_) return tick(0);
  say(out_,
      fmt::format("[{}/{}] {}{}\n", index_ + 1, run_->scenarios.size(), run_->scenarios[index_].name, activity_));
}

void Progress::turn_to(const record::Scenario& scenario) {
  const auto found = std::ranges::find(run_->scenarios, scenario.name, &record::Scenario::name);
  if (found != run_->scenarios.end()) index_ = static_cast<std::size_t>(found - run_->scenarios.begin());
}

double Progress::expected(const record::Scenario& scenario) const {
  const auto found = expected_seconds_.find(scenario.name);
  if (found != expected_seconds_.end()) return found->second * static_cast<double>(scenario.repetitions.size());
  const double mean =
      scenarios_done_ > 0 ? seconds_done_ / static_cast<double>(scenarios_done_) : unknown_scenario_seconds;
  return mean * static_cast<double>(scenario.repetitions.size());
}

double Progress::seconds_left(double elapsed_in_repetition) const {
  double left = std::max(0.0, expected(run_->scenarios[index_]) - seconds_in_scenario_ - elapsed_in_repetition);
  for (std::size_t i = index_ + 1; i < run_->scenarios.size(); ++i) left += expected(run_->scenarios[i]);
  return left;
}

void Progress::clear_line() {
  if (is_terminal_) say(out_, "\r\033[K");
}

void Progress::show(const std::string& line) {
  clear_line();
  winsize size{};
  const bool is_known = ioctl(fileno(out_), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  say(out_, is_known ? cut(line, size.ws_col - std::size_t{1}) : line);
}

void Progress::tick(double elapsed_seconds, const LiveFigures& figures) {
  if (!is_terminal_ || run_ == nullptr) return;
  const auto live = format_figures(figures);
  show(fmt::format("[{}/{}] {}{}  {}{}{}, about {} left", index_ + 1, run_->scenarios.size(),
                   sanitize(run_->scenarios[index_].name, quote_length), activity_, live, live.empty() ? "" : "  ",
                   format_rough_time(elapsed_seconds), format_rough_time(seconds_left(elapsed_seconds))));
}

void Progress::end_repetition(const record::Scenario& scenario, const record::Repetition& repetition) {
  seconds_done_ += repetition.wall_seconds;
  seconds_in_scenario_ += repetition.wall_seconds;
  scenarios_done_ += 1;
  clear_line();
  if (is_terminal_ && repetition.ending == record::Ending::finished) return;
  say(out_,
      fmt::format("[{}/{}] {}  {}\n", index_ + 1, run_->scenarios.size(), scenario.name,
                  repetition.ending == record::Ending::finished ? fmt::format("ran {:.1f} s", repetition.wall_seconds)
                                                                : repetition.message));
}

void Progress::note(const std::string& text) {
  clear_line();
  say(out_, fmt::format("soak: {}\n", text));
}

}  // namespace soak::run
