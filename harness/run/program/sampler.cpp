#include "run/program/sampler.hpp"

#include <algorithm>

#include "process/process_tree.hpp"
#include "region/region_reader.hpp"

namespace soak::run {

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

}  // namespace soak::run
