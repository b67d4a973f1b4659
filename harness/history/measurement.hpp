// What history keeps of a run: of each scenario the figures that are compared, one value a repetition, the curves,
// and what call sites and types came to. Small beside the record, and enough to compare two runs without it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "record/attribution.hpp"
#include "record/record.hpp"

namespace soak::history {

/// Readings of one repetition at its checkpoints, labelled ones left out. A reading that was not taken at every one
/// of them is not there.
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
  double bytes_per_iteration = 0;    ///< Alive at the end against the baseline; 0 where things are only counted.
  double count_per_iteration = 0;    ///< The same in blocks, descriptors, threads, mappings.
  double made_per_iteration = 0;     ///< Allocations, or what else it makes, freed again or not.

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
  std::int64_t iterations = 0;  ///< Of thread 0; 0: not known.
  int threads = 1;
  std::string trouble;                                 ///< Why a repetition measured nothing; empty where each did.
  std::map<std::string, std::vector<double>> figures;  ///< By metric, a value a repetition that has it.
  Curves curves;                                       ///< Of the first repetition that finished.
  bool has_sites = false;                              ///< It was run with call sites on.
  std::vector<SiteTotals> sites;                       ///< Each stack once, see site_key().
  bool has_types = false;
  std::vector<TypeTotals> types;
};

/// A run without its scenarios.
struct RunInfo {
  std::string uid;         ///< Unlike for any two runs.
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

/// {"heap_peak_bytes": [4096], ...}: a value a repetition. What is not finite is left out.
[[nodiscard]] std::string figures_text(const Figures& figures);
/// Curves, call sites and types. Curves are written as differences from one checkpoint to the next: most are short.
[[nodiscard]] std::string details_text(const Measurement& measurement);
[[nodiscard]] std::string fingerprint_text(const record::Fingerprint& fingerprint);

// Back. `origin` is named in the UnreadableRecord that they throw where the text is none of the above.
[[nodiscard]] Figures read_figures(std::string_view text, const std::string& origin);
void read_details(std::string_view text, const std::string& origin, Measurement& measurement);
[[nodiscard]] record::Fingerprint read_fingerprint(std::string_view text, const std::string& origin);

// Which run is which.

/// For a record that was made before records had a uid: a digest of what it says, so that reading it twice gives the
/// same one.
[[nodiscard]] std::string uid_by_content(const MeasuredRun& run);

}  // namespace soak::history
