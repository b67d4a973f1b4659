#include "verdict/completeness.hpp"

#include <fmt/format.h>

#include <tuple>

namespace soak::verdict {
namespace {

using record::Ending;

// "it threw: no server" where the runner knows more, else what is known.
std::string explained(const Evidence& evidence, const std::string& otherwise) {
  return evidence.repetition.message.empty() ? otherwise : evidence.repetition.message;
}

std::string how_it_crashed(const Evidence& evidence) {
  const auto signal = evidence.repetition.signal;
  return signal ? fmt::format("the process was ended by signal {}", *signal) : "the process crashed";
}

// Of what was measured before the end, so that a crash after 900 of 1,000 iterations can be told from one at once.
std::string progress(const Evidence& evidence) {
  if (evidence.last == nullptr) return {};
  return fmt::format(" (last checkpoint at iteration {})", evidence.last->iteration);
}

Finding finding_of(const Evidence& evidence) {
  switch (evidence.repetition.ending) {
    case Ending::planned:
      return {"missing", {}, {}, "was not run: the run ended before it"};
    case Ending::running:
      return {"missing", {}, {}, "was running when the run ended" + progress(evidence)};
    case Ending::interrupted:
      return {"missing", {}, {}, explained(evidence, "was interrupted before it finished") + progress(evidence)};
    case Ending::timed_out: {
      const double limit_s = static_cast<double>(evidence.settings.timeout.count()) / 1000;
      const auto ended = fmt::format("was ended after {:.1f} s", evidence.repetition.wall_seconds);
      const auto message =
          fmt::format("{} (limit {:.1f} s){}", explained(evidence, ended), limit_s, progress(evidence));
      return {"timeout", evidence.repetition.wall_seconds, limit_s, message};
    }
    case Ending::crashed:
      return {"crash", {}, {}, explained(evidence, how_it_crashed(evidence)) + progress(evidence)};
    case Ending::failed:
    case Ending::finished:
      break;
  }
  return {"missing", {}, {}, explained(evidence, "exited without a result") + progress(evidence)};
}

// Divided, not multiplied: a record may hold any number.
bool is_sum_over_threads(std::int64_t done, std::int64_t planned, int threads) {
  return done % threads == 0 && done / threads == planned;
}

// Google Benchmark reports the sum over threads; checkpoints count the iterations of thread 0.
std::string how_many_instead(const Evidence& evidence) {
  const auto& [planned, threads] = std::tie(evidence.scenario.planned_iterations, evidence.scenario.threads);
  const auto& done = evidence.repetition.iterations;
  if (evidence.last->iteration <= evidence.baseline->iteration)
    return "ran no iteration between its baseline and its final checkpoint";
  // A program says how often its loop went round; its planned number is what it was given.
  if (!planned || evidence.scenario.is_program) return {};
  if (threads < 1) return fmt::format("was run with {} threads", threads);
  if (done && !is_sum_over_threads(*done, *planned, threads))
    return threads == 1
               ? fmt::format("ran {} iterations, not the {} planned", *done, *planned)
               : fmt::format("ran {} iterations, not the {} planned on each of {} threads", *done, *planned, threads);
  if (evidence.last->iteration != *planned)
    return fmt::format("took its final checkpoint after {} iterations, not the {} planned", evidence.last->iteration,
                       *planned);
  return {};
}

// No runner of ours writes that; a record that was edited, or merged, may hold it.
std::string how_it_ended_instead(const record::Repetition& repetition) {
  if (repetition.signal)
    return fmt::format("is said to have finished, yet was ended by signal {}", *repetition.signal);
  const auto status = repetition.exit_status.value_or(0);
  return status == 0 ? "" : fmt::format("is said to have finished, yet exited with status {}", status);
}

}  // namespace

bool judge_completeness(const Evidence& evidence, Judgement& judgement) {
  if (evidence.repetition.ending != Ending::finished)
    judgement.add(Verdict::error, finding_of(evidence));
  else if (const auto ended = how_it_ended_instead(evidence.repetition); !ended.empty())
    judgement.add_missing(ended);
  else if (evidence.baseline == nullptr)
    judgement.add_missing("left no baseline: does its loop go through soak::checkpoints(state)?");
  else if (!evidence.has_final())
    judgement.add_missing("left no final checkpoint: its loop was left before its end" + progress(evidence));
  else if (const auto instead = how_many_instead(evidence); !instead.empty())
    judgement.add_missing(instead);
  else
    return true;
  return false;
}

}  // namespace soak::verdict
