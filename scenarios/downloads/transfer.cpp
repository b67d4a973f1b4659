#include <fmt/format.h>

#include <downloads/failures.hpp>
#include <downloads/transfer.hpp>
#include <exception>
#include <span>
#include <string_view>
#include <utility>

namespace downloads {
Transfer::Transfer(const DownloadRequest& request, const std::string& entity_tag, const ConnectionPool& pool,
                   const recovery::Clock& clock)
    : clock_(&clock), file_(request.file), easy_(make_easy_handle()), last_progress_(clock.now()) {
  set_options(request);
  pool.give_to(easy_.get());
  if (file_.size_bytes() > 0) ask_for_the_rest(entity_tag);
}

void Transfer::set_options(const DownloadRequest& request) {
  auto* easy = easy_.get();
  set_option(easy, CURLOPT_URL, request.url.c_str());
  set_option(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set_option(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set_option(easy, CURLOPT_PROXY, "");  // Whatever the environment says: media hosts are asked directly.
  set_option(easy, CURLOPT_NOSIGNAL, 1L);
  set_option(easy, CURLOPT_ERRORBUFFER, curl_error_.data());
  set_option(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set_option(easy, CURLOPT_HEADERDATA, this);
  set_option(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set_option(easy, CURLOPT_WRITEDATA, this);
}

/// Without If-Range a changed object could be glued to the beginning of the old one. Where an earlier process left
/// the file its tag is not known: then the checksum finds out.
void Transfer::ask_for_the_rest(const std::string& entity_tag) {
  set_option(easy_.get(), CURLOPT_RANGE, fmt::format("{}-", file_.size_bytes()).c_str());
  if (entity_tag.empty()) return;
  append_header(headers_, "If-Range: " + entity_tag);
  set_option(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

std::size_t Transfer::on_header(char* line, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view text(line, size * count);
  try {
    transfer.take_header(text);
    return text.size();
  } catch (const std::exception& error) {
    transfer.local_error_ = error.what();
    return 0;
  }
}

std::size_t Transfer::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::span<const char> content(bytes, size * count);
  try {
    transfer.last_progress_ = transfer.clock_->now();
    const bool wanted = transfer.action_ == BodyAction::append || transfer.action_ == BodyAction::restart;
    if (wanted) transfer.file_.append(content);
    return content.size();
  } catch (const std::exception& error) {
    transfer.local_error_ = error.what();
    return 0;
  }
}

void Transfer::take_header(std::string_view line) {
  last_progress_ = clock_->now();
  head_.add_line(line, std::chrono::system_clock::now());
  if (line.starts_with("HTTP/")) action_.reset();
  const bool is_blank = line == "\r\n" || line == "\n";
  if (is_blank && !action_) head_is_complete();  // Trailers behind the body decide nothing.
}

void Transfer::head_is_complete() {
  action_ = choose_body_action(head_, file_.size_bytes());
  if (action_ == BodyAction::append || action_ == BodyAction::complete) resumed_bytes_ = file_.size_bytes();
  if (action_ == BodyAction::restart || action_ == BodyAction::reject) file_.restart();
}

std::optional<recovery::Failure> Transfer::finish(CURLcode code) {
  if (auto failure = judge(code)) return failure;
  try {
    return publish();
  } catch (const std::exception& error) {
    return permanent_failure(error.what());
  }
}

std::optional<recovery::Failure> Transfer::judge(CURLcode code) const {
  if (!local_error_.empty()) return permanent_failure(local_error_);
  if (code != CURLE_OK) return transfer_failure(code, curl_error_.data());
  if (action_ == BodyAction::reject)
    return temporary_failure("the server's range does not go on where the file ends");
  if (action_ && action_ != BodyAction::ignore) return std::nullopt;
  return status_failure(head_);
}

std::optional<recovery::Failure> Transfer::publish() {
  if (!head_.crc32) return permanent_failure("the server sent no valid X-Checksum-CRC32");
  if (const auto crc32 = file_.crc32(); crc32 != *head_.crc32) {
    file_.restart();  // No telling which part of it is wrong.
    return temporary_failure(
        fmt::format("checksum {}, expected {}", format_crc32(crc32), format_crc32(*head_.crc32)));
  }
  file_.commit();
  return std::nullopt;
}

}  // namespace downloads
