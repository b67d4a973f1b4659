// A soak_media_server of one's own, in a process of its own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace downloads {

/// The environment variable SOAK_MEDIA_SERVER if it is set, otherwise soak_media_server beside the running
/// executable. Throws std::runtime_error, which says what to do, where there is no executable file.
[[nodiscard]] std::filesystem::path find_media_server();

/// Runs from constructor to destructor, which never leaves it behind; should this process be killed, the server
/// notices and ends. Start it from a thread that lives as long (the server ends with that thread). One thread uses it
/// at a time.
class MediaServerProcess {
 public:
  /// Waits until the server listens, at most 10 s. Throws std::runtime_error where it does not.
  explicit MediaServerProcess(const std::filesystem::path& executable = find_media_server());
  ~MediaServerProcess();
  MediaServerProcess(const MediaServerProcess&) = delete;
  MediaServerProcess& operator=(const MediaServerProcess&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] pid_t pid() const noexcept;
  /// "http://127.0.0.1:PORT", to which a path is added.
  [[nodiscard]] std::string url() const;

 private:
  struct Process;

  std::unique_ptr<Process> process_;
  std::uint16_t port_ = 0;
};

}  // namespace downloads
