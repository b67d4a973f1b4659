// Enumerators by their names in verdict.json and in tables.
#include "verdict/verdict.hpp"

namespace soak::verdict {

std::string to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::leak:
      return "leak";
    case Verdict::over_threshold:
      return "over_threshold";
    case Verdict::growing:
      return "growing";
    case Verdict::inconclusive:
      return "inconclusive";
    case Verdict::error:
      break;
  }
  return "error";
}

std::string to_string(config::Severity severity) {
  switch (severity) {
    case config::Severity::low:
      return "low";
    case config::Severity::medium:
      return "medium";
    case config::Severity::high:
      return "high";
    case config::Severity::critical:
      return "critical";
    case config::Severity::none:
      break;
  }
  return "none";
}

std::string to_string(Shape shape) {
  switch (shape) {
    case Shape::flat:
      return "flat";
    case Shape::warm_up:
      return "warm-up, then flat";
    case Shape::step:
      return "step";
    case Shape::saw_tooth:
      return "saw-tooth";
    case Shape::logarithmic:
      return "logarithmic";
    case Shape::square_root:
      return "square root";
    case Shape::intermittent:
      return "intermittent";
    case Shape::linear:
      return "linear";
    case Shape::faster:
      return "faster than linear";
    case Shape::unknown:
      break;
  }
  return "unknown";
}

}  // namespace soak::verdict
