#include <algorithm>
#include <downloads/curl_handles.hpp>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>

namespace downloads {
namespace {

void check(CURLMcode code, const char* what) {
  if (code != CURLM_OK) throw std::runtime_error(std::string(what) + ": " + curl_multi_strerror(code));
}

}  // namespace

void initialise_curl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw std::runtime_error(std::string("libcurl: ") + curl_easy_strerror(code));
}

EasyHandle make_easy_handle() {
  EasyHandle handle(curl_easy_init());
  if (!handle) throw std::bad_alloc();
  return handle;
}

void append_header(HeaderList& list, const std::string& line) {
  auto* head = curl_slist_append(list.get(), line.c_str());
  if (head == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());  // It is part of the list that begins at `head` now.
  list.reset(head);
}

void throw_bad_option(CURLoption option, CURLcode code) {
  const auto* known = curl_easy_option_by_id(option);
  const std::string name = known != nullptr ? known->name : std::to_string(option);
  throw std::invalid_argument("libcurl option " + name + ": " + curl_easy_strerror(code));
}

ConnectionPool::ConnectionPool() : share_(curl_share_init()) {
  if (!share_) throw std::bad_alloc();
  const auto code = curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
  if (code != CURLSHE_OK) throw std::runtime_error(std::string("connection pool: ") + curl_share_strerror(code));
}

MultiHandle::MultiHandle() {
  initialise_curl();
  multi_.reset(curl_multi_init());
  if (!multi_) throw std::bad_alloc();
}

void MultiHandle::add(CURL* easy) { check(curl_multi_add_handle(multi_.get(), easy), "adding a transfer"); }

void MultiHandle::perform(const OnFinished& on_finished) {
  int running = 0;
  check(curl_multi_perform(multi_.get(), &running), "transferring");
  int left = 0;
  while (const auto* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg == CURLMSG_DONE) on_finished(message->easy_handle, message->data.result);
  }
}

void MultiHandle::wait(std::chrono::milliseconds timeout) {
  const auto limit = std::min<std::chrono::milliseconds::rep>(timeout.count(), std::numeric_limits<int>::max());
  check(curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(limit), nullptr), "waiting");
}

}  // namespace downloads
