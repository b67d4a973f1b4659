// libcurl's handles as values that clean up after themselves. Destroy easy handles before the multi handle and the
// connection pool that they use.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace downloads {

/// Initialises libcurl for the whole process, once; it stays so until the process ends. Throws std::runtime_error
/// where libcurl refuses. Any thread may call this.
void initialise_curl();

struct FreeCurl {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
  void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
  void operator()(CURLSH* handle) const noexcept { curl_share_cleanup(handle); }
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

using EasyHandle = std::unique_ptr<CURL, FreeCurl>;
using HeaderList = std::unique_ptr<curl_slist, FreeCurl>;

/// Throws std::bad_alloc.
[[nodiscard]] EasyHandle make_easy_handle();
/// Adds a line such as "If-Range: x". Throws std::bad_alloc; the list is then as it was.
void append_header(HeaderList& list, const std::string& line);

/// Sets an option of an easy handle. Throws std::invalid_argument where libcurl does not take it.
template <typename Value>
void set_option(CURL* easy, CURLoption option, Value value);
[[noreturn]] void throw_bad_option(CURLoption option, CURLcode code);

/// Connections that are kept alive for the next transfer, as long as the pool lives. One thread uses it at a time.
class ConnectionPool {
 public:
  ConnectionPool();
  void give_to(CURL* easy) const { set_option(easy, CURLOPT_SHARE, share_.get()); }

 private:
  std::unique_ptr<CURLSH, FreeCurl> share_;
};

/// Many transfers on one thread. Failures of the handle itself throw std::runtime_error.
class MultiHandle {
 public:
  using OnFinished = std::function<void(CURL*, CURLcode)>;

  MultiHandle();
  void add(CURL* easy);
  /// Ends the transfer if it is still under way; its connection is then closed.
  void remove(CURL* easy) noexcept { curl_multi_remove_handle(multi_.get(), easy); }
  /// Moves on all that can be moved on without waiting, then reports every transfer that ended.
  void perform(const OnFinished& on_finished);
  /// Waits until there is something to perform, at most `timeout`.
  void wait(std::chrono::milliseconds timeout);

 private:
  std::unique_ptr<CURLM, FreeCurl> multi_;
};

template <typename Value>
void set_option(CURL* easy, CURLoption option, Value value) {
  if (const auto code = curl_easy_setopt(easy, option, value); code != CURLE_OK) throw_bad_option(option, code);
}

}  // namespace downloads
