#include "run/region_reader.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>

#include "probe/region.hpp"

namespace soak::run {
namespace {

using probe::Reading;
using probe::ReadingKind;
using probe::RegionHeader;
using probe::SectionId;
using probe::ThreadSlot;

/// The whole file: some hundred kilobytes.
std::vector<char> read_file(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return {};  // a folder opens, and throws when read
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::optional<std::int64_t> measured(std::int64_t value) {
  return value == probe::absent ? std::nullopt : std::optional(value);
}

template <std::size_t size>
std::string text_of(const char (&text)[size]) {
  return {text, strnlen(text, size)};
}

/// The readings that lie wholly inside the file.
std::vector<Reading> readings_in(const std::vector<char>& bytes, const RegionHeader& header) {
  const auto& section = header.sections[static_cast<std::size_t>(SectionId::readings)];
  if (section.entry_bytes != sizeof(Reading) || section.offset > bytes.size()) return {};
  const auto room = (bytes.size() - section.offset) / sizeof(Reading);
  const auto count = std::min<std::size_t>({header.reading_count.load(), section.capacity, room});
  std::vector<Reading> readings(count);
  if (count > 0)
    std::memcpy(static_cast<void*>(readings.data()), bytes.data() + section.offset, count * sizeof(Reading));
  return readings;
}

/// Counters of all threads that lie wholly inside the file; those of threads that ended are in their slots still.
HeapTotals sum_of_slots(const std::vector<char>& bytes, const RegionHeader& header) {
  HeapTotals totals;
  const auto add = [&totals](const ThreadSlot& slot) {
    totals.allocations += slot.allocations;
    totals.frees += slot.frees;
    totals.bytes += slot.live_bytes + slot.uncarried_bytes;
  };
  add(header.overflow);
  const auto& section = header.sections[static_cast<std::size_t>(SectionId::thread_slots)];
  const auto room = section.offset > bytes.size() ? 0 : (bytes.size() - section.offset) / sizeof(ThreadSlot);
  const auto count = section.entry_bytes == sizeof(ThreadSlot) ? std::min<std::size_t>(section.capacity, room) : 0;
  for (std::size_t i = 0; i < count; ++i) {
    ThreadSlot slot;
    std::memcpy(static_cast<void*>(&slot), bytes.data() + section.offset + i * sizeof(slot), sizeof(slot));
    add(slot);
  }
  totals.bytes -= header.ignored_bytes.load();
  totals.blocks = totals.allocations - totals.frees - header.ignored_blocks.load();
  totals.peak_bytes = std::max(header.peak_bytes.load(), totals.bytes);
  return totals;
}

std::optional<HeapTotals> heap_of(const Reading& reading) {
  if (reading.heap_bytes == probe::absent) return std::nullopt;
  return HeapTotals{reading.heap_bytes, reading.heap_blocks, reading.allocations, reading.frees,
                    reading.heap_peak_bytes};
}

RegionState state_of(probe::ProcessState state) {
  switch (state) {
    case probe::ProcessState::running:
      return RegionState::running;
    case probe::ProcessState::ended:
      return RegionState::ended;
    default:
      return RegionState::none;
  }
}

/// The process as a whole, apart from its checkpoints.
void read_process(const std::vector<char>& bytes, const RegionHeader& header, const std::vector<Reading>& readings,
                  RegionContents& contents) {
  contents.mode = text_of(header.mode);
  contents.state = state_of(header.state.load());
  if (header.heap_is_counted == 1) contents.heap = sum_of_slots(bytes, header);
  if (!readings.empty()) contents.open_files = measured(readings.back().open_files);
  if (contents.state != RegionState::ended) return;
  contents.heap_at_end = heap_of(header.end_reading);
  contents.open_files = measured(header.end_reading.open_files);
}

std::optional<std::int64_t> difference(std::int64_t earlier, std::int64_t later) {
  if (earlier == probe::absent || later == probe::absent) return {};
  return later - earlier;
}

record::CheckpointKind kind_of(ReadingKind kind) {
  switch (kind) {
    case ReadingKind::baseline:
      return record::CheckpointKind::baseline;
    case ReadingKind::final:
      return record::CheckpointKind::final;
    case ReadingKind::labelled:
      return record::CheckpointKind::labelled;
    default:
      return record::CheckpointKind::interval;
  }
}

/// Processor use since the reading before, in percent of one processor.
double cpu_percent(const Reading& earlier, const Reading& later) {
  const auto elapsed = later.monotonic_ns - earlier.monotonic_ns;
  return elapsed <= 0 ? 0 : 100.0 * static_cast<double>(later.cpu_ns - earlier.cpu_ns) / static_cast<double>(elapsed);
}

record::Checkpoint to_checkpoint(const Reading& reading, const Reading& earlier) {
  record::Checkpoint checkpoint;
  checkpoint.kind = kind_of(reading.kind);
  checkpoint.label = text_of(reading.label);
  checkpoint.iteration = measured(reading.iteration).value_or(0);
  checkpoint.elapsed_seconds = static_cast<double>(measured(reading.elapsed_ns).value_or(0)) / 1e9;
  checkpoint.cpu_percent = cpu_percent(earlier, reading);
  checkpoint.rss_bytes = measured(reading.resident_bytes);
  checkpoint.vms_bytes = measured(reading.virtual_bytes);
  checkpoint.peak_rss_bytes = measured(reading.peak_resident_bytes);
  checkpoint.pss_bytes = measured(reading.proportional_bytes);
  checkpoint.uss_bytes = measured(reading.unique_bytes);
  checkpoint.heap_bytes = measured(reading.heap_bytes);
  checkpoint.heap_blocks = measured(reading.heap_blocks);
  checkpoint.heap_peak_bytes = measured(reading.heap_peak_bytes);
  checkpoint.allocations = measured(reading.allocations);
  checkpoint.frees = measured(reading.frees);
  checkpoint.open_files = measured(reading.open_files);
  checkpoint.open_regular_files = measured(reading.open_regular_files);
  checkpoint.open_sockets = measured(reading.open_sockets);
  checkpoint.open_pipes = measured(reading.open_pipes);
  checkpoint.open_others = measured(reading.open_others);
  checkpoint.threads = measured(reading.threads);
  checkpoint.joinable_threads = measured(reading.joinable_threads);
  checkpoint.children = measured(reading.children);
  checkpoint.zombies = measured(reading.zombies);
  return checkpoint;
}

/// What a program did from its main's beginning to its end.
void read_ends(const RegionHeader& header, RegionContents& contents) {
  contents.iterations_counted = header.iterations_counted.load();
  contents.exec_count = header.exec_count.load();
  if (header.start_reading.kind == ReadingKind::started)
    contents.at_start = to_checkpoint(header.start_reading, header.start_reading);
  if (contents.state == RegionState::ended)
    contents.at_end =
        to_checkpoint(header.end_reading, contents.at_start ? header.start_reading : header.end_reading);
}

}  // namespace

std::optional<RegionContents> read_region(const std::filesystem::path& file) {
  const auto bytes = read_file(file);
  if (bytes.size() < sizeof(RegionHeader)) return std::nullopt;
  const auto header = std::make_unique<RegionHeader>();
  std::memcpy(static_cast<void*>(header.get()), bytes.data(), sizeof(RegionHeader));
  if (header->magic != probe::region_magic || header->version != probe::region_version) return std::nullopt;

  RegionContents contents;
  const auto readings = readings_in(bytes, *header);
  const Reading* earlier = readings.empty() ? nullptr : &readings.front();
  for (const auto& reading : readings) {
    contents.checkpoints.push_back(to_checkpoint(reading, *earlier));
    earlier = &reading;
    if (reading.kind == ReadingKind::baseline) {
      contents.setup_growth_bytes = difference(header->heap_before_setup_bytes, reading.heap_bytes);
      contents.baseline_rss_before_trim_bytes = measured(reading.resident_before_trim_bytes);
      contents.baseline_rss_after_trim_bytes = measured(reading.resident_bytes);
    }
    if (reading.kind != ReadingKind::final) continue;
    contents.teardown_growth_bytes = difference(reading.heap_bytes, header->heap_after_teardown_bytes);
    contents.rss_before_trim_bytes = measured(reading.resident_before_trim_bytes);
    contents.rss_after_trim_bytes = measured(reading.resident_bytes);
  }
  read_process(bytes, *header, readings, contents);
  read_ends(*header, contents);
  contents.planned_iterations = measured(header->planned_iterations);
  contents.checkpoints_dropped = header->readings_dropped.load();
  contents.heap_unavailable = text_of(header->heap_unavailable);
  contents.allocator = text_of(header->allocator);
  return contents;
}

}  // namespace soak::run
