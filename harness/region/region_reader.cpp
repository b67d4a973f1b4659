#include "region/region_reader.hpp"

#include <algorithm>

#include "region/region_file.hpp"

namespace soak::region {
namespace {

using layout::Reading;
using layout::ReadingKind;
using layout::SectionId;
using layout::ThreadSlot;

std::optional<std::int64_t> measured(std::int64_t value) {
  return value == layout::absent ? std::nullopt : std::optional(value);
}

std::vector<Reading> readings_in(const RegionFile& region) {
  std::vector<Reading> readings(
      std::min<std::size_t>(region.header().reading_count.load(), region.count<Reading>(SectionId::readings)));
  for (std::size_t i = 0; i < readings.size(); ++i) region.read(readings[i], SectionId::readings, i);
  return readings;
}

/// Those of threads that ended are in their slots still.
HeapTotals sum_of_slots(const RegionFile& region) {
  HeapTotals totals;
  const auto add = [&totals](const ThreadSlot& slot) {
    totals.allocations += slot.allocations;
    totals.frees += slot.frees;
    totals.bytes += slot.live_bytes + slot.uncarried_bytes;
  };
  add(region.header().overflow);
  for (std::size_t i = 0; i < region.count<ThreadSlot>(SectionId::thread_slots); ++i)
    add(*region.get<ThreadSlot>(SectionId::thread_slots, i));
  totals.bytes -= region.header().ignored_bytes.load();
  totals.blocks = totals.allocations - totals.frees - region.header().ignored_blocks.load();
  totals.peak_bytes = std::max(region.header().peak_bytes.load(), totals.bytes);
  return totals;
}

std::optional<HeapTotals> heap_of(const Reading& reading) {
  if (reading.heap_bytes == layout::absent) return std::nullopt;
  return HeapTotals{reading.heap_bytes, reading.heap_blocks, reading.allocations, reading.frees,
                    reading.heap_peak_bytes};
}

RegionState state_of(layout::ProcessState state) {
  switch (state) {
    case layout::ProcessState::running:
      return RegionState::running;
    case layout::ProcessState::ended:
      return RegionState::ended;
    default:
      return RegionState::none;
  }
}

/// The process as a whole, apart from its checkpoints.
void read_process(const RegionFile& region, const std::vector<Reading>& readings, RegionContents& contents) {
  const auto& header = region.header();
  contents.mode = text_of(header.mode);
  contents.state = state_of(header.state.load());
  if (header.heap_is_counted == 1) contents.heap = sum_of_slots(region);
  if (!readings.empty()) contents.open_files = measured(readings.back().open_files);
  if (contents.state != RegionState::ended) return;
  contents.heap_at_end = heap_of(header.end_reading);
  contents.open_files = measured(header.end_reading.open_files);
}

std::optional<std::int64_t> difference(std::int64_t earlier, std::int64_t later) {
  if (earlier == layout::absent || later == layout::absent) return {};
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
  // As doubles: whatever stands in a region, their difference is a number.
  const auto between = [](std::int64_t from, std::int64_t to) {
    return static_cast<double>(to) - static_cast<double>(from);
  };
  const auto elapsed = between(earlier.monotonic_ns, later.monotonic_ns);
  return elapsed <= 0 ? 0 : 100.0 * between(earlier.cpu_ns, later.cpu_ns) / elapsed;
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
void read_ends(const layout::RegionHeader& header, RegionContents& contents) {
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
  const auto region = RegionFile::load(file);
  if (region == nullptr) return std::nullopt;

  RegionContents contents;
  const auto& header = region->header();
  const auto readings = readings_in(*region);
  const Reading* earlier = readings.empty() ? nullptr : &readings.front();
  std::int64_t baseline_preemptions = layout::absent;
  for (const auto& reading : readings) {
    contents.checkpoints.push_back(to_checkpoint(reading, *earlier));
    earlier = &reading;
    if (reading.kind == ReadingKind::baseline) {
      contents.setup_growth_bytes = difference(header.heap_before_setup_bytes, reading.heap_bytes);
      contents.baseline_rss_before_trim_bytes = measured(reading.resident_before_trim_bytes);
      contents.baseline_rss_after_trim_bytes = measured(reading.resident_bytes);
      baseline_preemptions = reading.preemptions;
    }
    if (reading.kind != ReadingKind::final) continue;
    contents.teardown_growth_bytes = difference(reading.heap_bytes, header.heap_after_teardown_bytes);
    contents.rss_before_trim_bytes = measured(reading.resident_before_trim_bytes);
    contents.rss_after_trim_bytes = measured(reading.resident_bytes);
    contents.preemptions = difference(baseline_preemptions, reading.preemptions);
  }
  read_process(*region, readings, contents);
  read_ends(header, contents);
  contents.planned_iterations = measured(header.planned_iterations);
  contents.checkpoints_dropped = header.readings_dropped.load();
  contents.is_fixed = header.is_fixed == 1;
  contents.heap_unavailable = text_of(header.heap_unavailable);
  contents.allocator = text_of(header.allocator);
  return contents;
}

}  // namespace soak::region
