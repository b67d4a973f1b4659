// Whether a service that was started is ready to be driven.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace soak::run {

/// A port of the loopback interface that nobody listens on. Throws std::system_error where there is none.
[[nodiscard]] int free_port();
/// Somebody listens on it.
[[nodiscard]] bool is_listening(int port);

/// `text` as in config::Program::ready, placeholders filled in: `tcp:PORT`, `http://HOST:PORT/PATH`, `log:REGEX`, or
/// empty. Throws UserError where it is none of these.
class Readiness {
 public:
  explicit Readiness(const std::string& text);
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  /// What the service prints.
  void take_output(std::string_view text);
  /// Takes up to a second: an http answer is waited for. Any answer below 500 will do.
  [[nodiscard]] bool check();
  /// What is waited for, as in "nothing listened on port 8080".
  [[nodiscard]] std::string what_is_missing() const;
  /// The fixed port it waits for is taken already, so that somebody else would look ready. 0: there is none.
  [[nodiscard]] int port() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soak::run
