// Which commit it was: git bisect over commits that are built and run one by one, in a working tree of their own.
//
// A metric has a value at the good end and one at the bad end; a commit is bad where its value is nearer to the bad
// end's. What does not build, or does not run, is skipped, as `git bisect run` does with 125.
//
// All of it lies in the repository's git folder, where the user's own tree is not touched:
//
//   .git/soak-bisect/state.json   what was asked, what was found so far: enough to go on after a kill
//   .git/soak-bisect/tree/        the working tree, with its build
//   .git/soak-bisect/results/     a run record a commit that was run
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

/// What is to be found out.
struct BisectionRequest {
  std::string good, bad;  ///< Full hashes; good is an ancestor of bad.
  std::string scenario, metric;
  std::string build_command;  ///< For /bin/sh, in the top of the tree.
  std::string binary;         ///< A name to be found in the tree after a build, or a path in it.
  std::string config_file;    ///< Absolute, or empty.
};

/// How a commit was found.
enum class Finding { good, bad, skipped };

/// One commit and what came of it.
struct Tried {
  std::string commit;
  Finding finding = Finding::skipped;
  std::optional<double> value;  ///< Of the metric; empty where it was skipped.
  std::string why;              ///< It was skipped.
};

struct BisectionState {
  BisectionRequest request;
  std::int64_t iterations = 0;  ///< Of each run; 0: not chosen yet.
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

  /// Of a bisection that did not come to its end; empty where there is none. Throws UnreadableRecord.
  [[nodiscard]] std::optional<BisectionState> saved() const;
  void save(const BisectionState& state) const;
  /// Makes the working tree at a commit, or takes the one that is there.
  void make_tree(const std::string& commit) const;
  /// Tree, records, logs, state; also what a killed bisection left half-made.
  void remove() const;

 private:
  const Repository& repository_;
  std::filesystem::path folder_;
};

/// Builds and runs a commit; a value, or why there is none.
struct Attempt {
  std::optional<double> value;
  std::string why;
};

/// What a bisection needs done; an exception ends it, its state kept.
struct BisectionSteps {
  std::function<Attempt(const std::string& commit)> try_commit;
  std::function<void(const Tried&, std::size_t left)> tell;  ///< Roughly how many commits are left.
};

struct BisectionResult {
  std::string first_bad;                ///< Empty where skipped commits hide it.
  std::vector<std::string> candidates;  ///< Then it is one of these.
};

/// Goes on from `state`, which is saved after each commit. Precondition: both values are known and differ.
[[nodiscard]] BisectionResult bisect(const BisectionFolder& folder, BisectionState& state,
                                     const BisectionSteps& steps);

/// Which end a value is nearer to.
[[nodiscard]] Finding nearer_end(double value, double good_value, double bad_value);

}  // namespace soak::history
