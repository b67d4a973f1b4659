#include "run/program/samples.hpp"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <string>

#include "process/proc_files.hpp"
#include "process/process_tree.hpp"
#include "region/layout/region_layout.hpp"
#include "region/region_reader.hpp"

namespace soak::run {
namespace {

/// splitmix64: the same everywhere, unlike std::hash.
std::uint64_t scrambled(std::uint64_t bits) {
  bits += 0x9e3779b97f4a7c15U;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
  return bits ^ (bits >> 31);
}

int garbage_collection_signal() { return SIGRTMAX - 1; }

record::Checkpoint end_seen_from(const SeenOutside& outside) {
  record::Checkpoint end;
  // What ends within milliseconds is sampled while it starts, if at all: that is not what it held at its end.
  if (outside.last_sample && 2 * outside.last_sample->elapsed_seconds >= outside.wall_seconds)
    end = *outside.last_sample;
  if (outside.max_rss_bytes) end.peak_rss_bytes = std::max(end.peak_rss_bytes.value_or(0), *outside.max_rss_bytes);
  return end;
}

}  // namespace

std::vector<std::int64_t> checkpoint_iterations(std::int64_t iterations, int count) {
  std::vector<std::int64_t> places;
  const auto cells = std::min<std::int64_t>(iterations, count);
  for (std::int64_t cell = 0; cell < cells; ++cell) {
    const auto begin = cell * iterations / cells, end = (cell + 1) * iterations / cells;
    const auto seed = static_cast<std::uint64_t>(iterations) ^ (static_cast<std::uint64_t>(cell) << 32);
    places.push_back(begin + 1 +
                     static_cast<std::int64_t>(scrambled(seed) % static_cast<std::uint64_t>(end - begin)));
  }
  if (!places.empty()) places.back() = iterations;
  return places;
}

Samples::Samples(int wanted) : most_(2 * static_cast<std::size_t>(std::max(wanted, 8))) {}

void Samples::add(record::Checkpoint sample, Clock::time_point now) {
  samples_.push_back(std::move(sample));
  if (samples_.size() > most_) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < samples_.size(); i += 2) samples_[kept++] = std::move(samples_[i]);
    samples_.resize(kept);
    interval_ *= 2;
  }
  // Between half an interval and one and a half.
  jitter_ = scrambled(jitter_);
  const auto half = interval_.count() / 2;
  next_ = now + std::chrono::milliseconds(
                    half + static_cast<std::int64_t>(jitter_ % static_cast<std::uint64_t>(2 * half + 1)));
}

std::vector<record::Checkpoint> Samples::checkpoints() const {
  auto checkpoints = samples_;
  if (checkpoints.empty()) return checkpoints;
  for (auto& checkpoint : checkpoints) checkpoint.kind = record::CheckpointKind::interval;
  checkpoints.back().kind = record::CheckpointKind::final;
  checkpoints.front().kind = record::CheckpointKind::baseline;
  return checkpoints;
}

void ask_for_garbage_collection(pid_t pid) {
  if (process::catches_signal(pid, garbage_collection_signal()).value_or(false))
    kill(pid, garbage_collection_signal());
}

Sampler::Sampler(pid_t root, std::filesystem::path region) : root_(root), region_(std::move(region)) {}

void Sampler::begin() {
  began_ = last_ = Clock::now();
  peak_rss_bytes_ = 0;
}

double Sampler::elapsed_seconds() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }

std::optional<std::int64_t> Sampler::activity() const {
  const auto region = region::read_region(region_);
  return region && region->heap ? std::optional(region->heap->allocations + region->heap->frees) : std::nullopt;
}

std::optional<record::Checkpoint> Sampler::take(std::int64_t iteration) {
  const auto tree = process::read_process_tree(root_);
  if (tree.processes.empty() || tree.vms_bytes == 0) return {};
  record::Checkpoint sample;
  sample.iteration = iteration;
  const auto now = Clock::now();
  const auto since_last = std::chrono::duration<double>(now - last_).count();
  sample.elapsed_seconds = elapsed_seconds();
  sample.cpu_percent = since_last <= 0 ? 0 : std::max(0.0, 100 * (tree.cpu_seconds - last_cpu_seconds_) / since_last);
  last_ = now;
  last_cpu_seconds_ = tree.cpu_seconds;
  rss_bytes_ = tree.rss_bytes;
  peak_rss_bytes_ = std::max(peak_rss_bytes_, tree.rss_bytes);
  most_children_ = std::max(most_children_, tree.children);
  processes_ = tree.processes;
  sample.rss_bytes = tree.rss_bytes;
  sample.vms_bytes = tree.vms_bytes;
  sample.peak_rss_bytes = peak_rss_bytes_;
  sample.threads = tree.threads;
  sample.children = tree.children;
  sample.zombies = tree.zombies;
  if (tree.open_files_are_known) sample.open_files = tree.open_files;
  if (const auto region = region::read_region(region_); region && region->heap) {
    sample.heap_bytes = region->heap->bytes;
    sample.heap_blocks = region->heap->blocks;
    sample.heap_peak_bytes = region->heap->peak_bytes;
    sample.allocations = region->heap->allocations;
    sample.frees = region->heap->frees;
  }
  return sample;
}

SiteSamples::Key SiteSamples::key_of(const region::RegionSite& site) {
  auto key = site.frames;
  key.push_back(static_cast<std::uint64_t>(site.kind));
  return key;
}

void SiteSamples::take(std::int64_t iteration) {
  auto sites = region::read_region_sites(region_);
  if (!sites) return;
  iterations_.push_back(iteration);
  for (const auto& site : sites->sites)
    points_[key_of(site)][iteration] = {iteration, site.live_bytes, site.live_blocks, site.live_requested_bytes};
  last_ = std::move(sites);
}

std::optional<region::RegionSites> SiteSamples::sites() const {
  auto sites = last_;
  if (!sites) return sites;
  for (auto& site : sites->sites) {
    const auto points = points_.find(key_of(site));
    site.history.clear();
    for (const auto iteration : iterations_) {
      const auto point = points->second.find(iteration);
      site.history.push_back(point == points->second.end() ? region::SitePoint{iteration, 0, 0, 0} : point->second);
    }
  }
  return sites;
}

std::optional<region::RegionSites> sites_at_ends(const std::filesystem::path& region, std::int64_t iterations) {
  auto sites = region::read_region_sites(region);
  if (!sites) return sites;
  for (auto& site : sites->sites) {
    std::vector<region::SitePoint> outside_of_loops;
    for (const auto& point : site.history)
      if (point.iteration == layout::absent) outside_of_loops.push_back(point);
    region::SitePoint begin{0, 0, 0, 0},
        end{iterations, site.live_bytes, site.live_blocks, site.live_requested_bytes};
    if (outside_of_loops.size() > 1) begin = outside_of_loops.front();
    if (!outside_of_loops.empty()) end = outside_of_loops.back();
    begin.iteration = 0;
    end.iteration = iterations;
    site.history = {begin, end};
  }
  return sites;
}

std::vector<record::Checkpoint> ends_of(const std::optional<region::RegionContents>& region,
                                        const SeenOutside& outside, std::int64_t iterations) {
  record::Checkpoint begin;
  if (region && region->at_start) begin = *region->at_start;
  auto end = region && region->at_end ? *region->at_end : end_seen_from(outside);
  if (region && !region->at_end && region->heap) {  // it left by a system call, unseen
    end.heap_bytes = region->heap->bytes;
    end.heap_blocks = region->heap->blocks;
  }
  begin.kind = record::CheckpointKind::baseline;
  begin.iteration = 0;
  end.kind = record::CheckpointKind::final;
  end.iteration = iterations;
  end.elapsed_seconds = outside.wall_seconds;
  return {begin, end};
}

}  // namespace soak::run
