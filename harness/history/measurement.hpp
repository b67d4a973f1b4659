// The part of a run that history keeps: for each scenario the figures that are compared, one value per repetition,
// the curves, and the totals of call sites and types. It is small beside the record, and enough to compare two runs
// without it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "record/record.hpp"

namespace soak::history {

/// Readings of one repetition at its checkpoints, without labelled ones. A reading is left out unless it was taken at
/// every checkpoint.
struct Curves {
  std::vector<std::int64_t> iterations;  ///< Ascending; 0 is the baseline.
  std::map<std::string, std::vector<std::int64_t>>
      readings;  ///< By name (`heap_bytes`), one for each of `iterations`.

  bool operator==(const Curves&) const = default;
};

/// A call site over a whole run.
struct SiteTotals {
  record::SiteKind kind = record::SiteKind::heap;
  std::string function, file;
  int line = 0;
  std::string type;
  std::vector<record::Frame> stack;  ///< Innermost first.
  double bytes_per_iteration = 0;    ///< Alive at the end against the baseline; 0 if things are only counted.
  double count_per_iteration = 0;    ///< The same in blocks, descriptors, threads, mappings.
  double made_per_iteration = 0;     ///< Allocations or whatever else it makes, freed again or not.

  bool operator==(const SiteTotals&) const = default;
};

/// The live objects of a type, end against baseline.
struct TypeTotals {
  std::string name;
  double bytes_per_iteration = 0, count_per_iteration = 0;

  bool operator==(const TypeTotals&) const = default;
};

/// One scenario of one run.
struct Measurement {
  std::string scenario;         ///< Identity.
  std::string verdict;          ///< As in verdict.json; empty: not judged.
  std::int64_t iterations = 0;  ///< Thread 0's; 0: not known.
  int threads = 1;
  std::string trouble;                                 ///< Why a repetition measured nothing; empty if each did.
  std::map<std::string, std::vector<double>> figures;  ///< By metric, a value per repetition that has it.
  Curves curves;                                       ///< The first repetition's that finished.
  bool has_sites = false;                              ///< It ran with call sites on.
  std::vector<SiteTotals> sites;                       ///< Each stack once, see site_key().
  bool has_types = false;
  std::vector<TypeTotals> types;
};

/// A run without its scenarios.
struct RunInfo {
  std::string uid;         ///< Different for any two runs.
  std::string id;          ///< The folder's name.
  std::string started_at;  ///< ISO 8601, UTC.
  std::string commit;      ///< Full hash; empty: unknown.
  bool dirty = false, completed = false;
  record::Fingerprint fingerprint;
  std::string record;  ///< Where the record was when it was stored; it may be on another machine.
};

struct MeasuredRun {
  RunInfo info;
  std::vector<Measurement> measurements;  ///< In the order of the record.
};

// A measurement as text, for the store: compact JSON, so that any client of the database can read it too.

using Figures = std::map<std::string, std::vector<double>>;

/// {"heap_peak_bytes": [4096], ...}: a value per repetition. Values that are not finite are left out.
[[nodiscard]] std::string figures_text(const Figures& figures);
/// Curves, call sites and types. Curves are written as differences from one checkpoint to the next: most are short.
[[nodiscard]] std::string details_text(const Measurement& measurement);
[[nodiscard]] std::string fingerprint_text(const record::Fingerprint& fingerprint);

// The way back. The UnreadableRecord that they throw if the text is none of the above names `origin`.
[[nodiscard]] Figures read_figures(std::string_view text, const std::string& origin);
void read_details(std::string_view text, const std::string& origin, Measurement& measurement);
[[nodiscard]] record::Fingerprint read_fingerprint(std::string_view text, const std::string& origin);

/// The uid of a record that was made before records had one: a digest of its content, so that reading it twice gives
/// the same uid.
[[nodiscard]] std::string uid_by_content(const MeasuredRun& run);

}  // namespace soak::history
