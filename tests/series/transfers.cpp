// libcurl: connections that a handle keeps, names that it remembers, handles that nobody closes.
#include <curl/curl.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "loopback_server.hpp"
#include "recorded.hpp"

using namespace soak::series;

namespace {

const Library libcurl("libcurl", curl_version_info(CURLVERSION_NOW)->version);

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

std::size_t drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

void fetch(CURL* curl, const std::string& url) {
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  if (curl_easy_perform(curl) != CURLE_OK) std::abort();
}

std::string url_of(std::int64_t host, int port) {
  return "http://127.0.0." + std::to_string(1 + host) + ":" + std::to_string(port) + "/";
}

}  // namespace

SOAK_SERIES(curl_one_host) {
  const LoopbackServer server;
  const Curl curl(curl_easy_init(), curl_easy_cleanup);
  run(state, [&](std::int64_t) { fetch(curl.get(), url_of(0, server.port())); });
}

// Ten requests of each of 60 hosts, in turn. The pool has 40 connections after 400 requests; the cache of addresses
// has them all after 600.
SOAK_SERIES(curl_connection_pool) {
  const LoopbackServer server;
  const Curl curl(curl_easy_init(), curl_easy_cleanup);
  curl_easy_setopt(curl.get(), CURLOPT_MAXCONNECTS, 40L);
  run(state, [&](std::int64_t i) { fetch(curl.get(), url_of(i / 10 % 60, server.port())); });
}

// Another of 60 hosts each 23 requests, until all are known after 1,380: what an address costs, beside one
// connection.
SOAK_SERIES(curl_dns_cache) {
  const LoopbackServer server;
  const Curl curl(curl_easy_init(), curl_easy_cleanup);
  curl_easy_setopt(curl.get(), CURLOPT_MAXCONNECTS, 1L);
  run(state, [&](std::int64_t i) { fetch(curl.get(), url_of(i / 23 % 60, server.port())); });
}

// Names that are told, not asked for, stay in the cache for ever.
SOAK_SERIES(curl_dns_cache_told_by_hand) {
  const LoopbackServer server;
  const Curl curl(curl_easy_init(), curl_easy_cleanup);
  run(state, [&](std::int64_t i) {
    const auto name = "host" + std::to_string(i) + ".invalid:80:127.0.0.1";
    auto* const list = curl_slist_append(nullptr, name.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_RESOLVE, list);
    fetch(curl.get(), url_of(0, server.port()));
    curl_easy_setopt(curl.get(), CURLOPT_RESOLVE, nullptr);
    curl_slist_free_all(list);
  });
}

SOAK_SERIES(curl_handle_forgotten) {
  const LoopbackServer server;
  run(state, [&](std::int64_t i) {
    if (i % 20 == 0) fetch(curl_easy_init(), url_of(0, server.port()));
  });
}
