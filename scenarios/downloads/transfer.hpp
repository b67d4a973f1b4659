// One attempt at one download: a request for what is still missing, and the file that it goes to.
#pragma once

#include <array>
#include <downloads/curl_handles.hpp>
#include <downloads/download.hpp>
#include <downloads/part_file.hpp>
#include <downloads/response_head.hpp>
#include <optional>
#include <retry/clock.hpp>
#include <retry/error_context.hpp>
#include <string>
#include <string_view>

namespace downloads {

/// libcurl keeps its address: it stays where it is. Remove handle() from the multi handle before destroying it.
class Transfer {
 public:
  /// `entity_tag` is that of the earlier attempts, empty where there is none; `clock` and `pool` outlive the
  /// transfer. Throws std::filesystem::filesystem_error where the file cannot be opened.
  Transfer(const DownloadRequest& request, const std::string& entity_tag, const ConnectionPool& pool,
           const recovery::Clock& clock);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  [[nodiscard]] CURL* handle() const noexcept { return easy_.get(); }
  /// When a byte arrived last; the beginning, before the first.
  [[nodiscard]] recovery::TimePoint last_progress() const noexcept { return last_progress_; }
  [[nodiscard]] const ResponseHead& head() const noexcept { return head_; }
  /// Bytes that the server was spared, known once the response has begun.
  [[nodiscard]] std::uint64_t resumed_bytes() const noexcept { return resumed_bytes_; }
  [[nodiscard]] std::uint64_t size_bytes() const noexcept { return file_.size_bytes(); }

  /// The transfer ended with `code`: verifies what is on disk and gives it its final name. Empty where that worked.
  [[nodiscard]] std::optional<recovery::Failure> finish(CURLcode code);

 private:
  static std::size_t on_header(char* line, std::size_t size, std::size_t count, void* transfer);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* transfer);

  void set_options(const DownloadRequest& request);
  void ask_for_the_rest(const std::string& entity_tag);
  void take_header(std::string_view line);
  void head_is_complete();
  [[nodiscard]] std::optional<recovery::Failure> judge(CURLcode code) const;
  [[nodiscard]] std::optional<recovery::Failure> publish();

  const recovery::Clock* clock_;
  PartFile file_;
  HeaderList headers_;
  EasyHandle easy_;
  ResponseHead head_;
  std::optional<BodyAction> action_;  ///< Once the head is complete.
  std::uint64_t resumed_bytes_ = 0;
  recovery::TimePoint last_progress_;
  std::string local_error_;  ///< What a callback threw: nothing may pass through libcurl.
  std::array<char, CURL_ERROR_SIZE> curl_error_{};
};

}  // namespace downloads
