// The search for the commit that changed a metric: git bisect over commits that are built and run one by one, in a
// working tree of their own.
//
// The metric has a value at the good end and one at the bad end; a commit is bad if its value is nearer to the bad
// end's. A commit that does not build or run is skipped, as `git bisect run` does with status 125.
//
// All of it lies in the repository's git folder, so that the user's own tree is not touched:
//
//   .git/soak-bisect/state.json   the request and what was found so far: enough to go on after a kill
//   .git/soak-bisect/tree/        the working tree, with its build
//   .git/soak-bisect/results/     a run record per commit that was run
//   .git/soak-bisect/logs/        what each build printed
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "history/measurement.hpp"
#include "history/repository.hpp"

namespace soak::history {

/// The question: which commit between two changed this metric of this scenario.
struct BisectionRequest {
  std::string good, bad;  ///< Full hashes; good is an ancestor of bad.
  std::string scenario, metric;
  std::string build_command;  ///< For /bin/sh, in the top of the tree.
  std::string binary;         ///< A name to look for in the tree after a build, or a path in it.
  std::string config_file;    ///< Absolute, or empty.
};

/// How a commit was classified.
enum class Finding { good, bad, skipped };

/// One commit and what came of it.
struct Tried {
  std::string commit;
  Finding finding = Finding::skipped;
  std::optional<double> value;  ///< The metric's; empty if the commit was skipped.
  std::string why;              ///< The reason, if it was skipped.
};

struct BisectionState {
  BisectionRequest request;
  std::int64_t iterations = 0;  ///< Per run; 0: not chosen yet.
  int repetitions = 1;
  double good_value = 0, bad_value = 0;
  std::vector<Tried> tried;
};

/// The folder of a bisection, and its state on disk.
class BisectionFolder {
 public:
  explicit BisectionFolder(const Repository& repository);

  [[nodiscard]] std::filesystem::path tree() const { return folder_ / "tree"; }
  [[nodiscard]] std::filesystem::path results() const { return folder_ / "results"; }
  [[nodiscard]] std::filesystem::path logs() const { return folder_ / "logs"; }

  /// The state of a bisection that did not end; empty if there is none. Throws UnreadableRecord.
  [[nodiscard]] std::optional<BisectionState> saved() const;
  void save(const BisectionState& state) const;
  /// Makes the working tree at a commit, unless there is one already.
  void make_tree(const std::string& commit) const;
  /// Removes tree, records, logs and state, also if a killed bisection left them half-made.
  void remove() const;

 private:
  const Repository& repository_;
  std::filesystem::path folder_;
};

/// The outcome of building and running a commit: the metric's value, or why there is none.
struct Attempt {
  std::optional<double> value;
  std::string why;
};

/// The steps that a bisection leaves to its caller. An exception ends the bisection; its state is kept.
struct BisectionSteps {
  std::function<Attempt(const std::string& commit)> try_commit;
  std::function<void(const Tried&, std::size_t left)> report;  ///< `left`: roughly how many commits are left to try.
};

struct BisectionResult {
  std::string first_bad;                ///< Empty if skipped commits hide it.
  std::vector<std::string> candidates;  ///< If they do, it is one of these.
};

/// Continues from `state`, which is saved after each commit. Precondition: both values are known and differ.
[[nodiscard]] BisectionResult bisect(const BisectionFolder& folder, BisectionState& state,
                                     const BisectionSteps& steps);

/// Bad if the value is nearer to the bad end's, otherwise good: a tie accuses no commit.
[[nodiscard]] Finding nearer_end(double value, double good_value, double bad_value);

}  // namespace soak::history
