#include "lookup/metadata_service.hpp"

#include <optional>
#include <utility>
#include <variant>

namespace lookup {
namespace {

recovery::Attempt<Metadata> fetch_once(MetadataSource& source, std::string_view id) {
  auto answer = source.fetch(id);
  if (auto* failure = std::get_if<recovery::Failure>(&answer)) return std::move(*failure);
  return parse_metadata(std::get<std::string>(answer), id);
}

recovery::OperationInfo describe_lookup(std::string_view id) {
  return {
      "metadata_lookup", "https://metadata.example/v1/videos/" + std::string(id), {{"accept", "application/json"}}};
}

}  // namespace

LookupResult MetadataService::find(std::string_view id) {
  auto known = cache_.find(id);
  LookupResult result;
  if (known && !known->expired)
    result = {std::move(known->metadata), Origin::cache, ""};
  else
    result = fetch(id);
  if (!result.metadata && known) {
    result.metadata = std::move(known->metadata);
    result.origin = Origin::expired_cache;
  }
  count(result.origin);
  return result;
}

LookupResult MetadataService::fetch(std::string_view id) {
  auto fetched = retries_.execute_with_retry([&] { return fetch_once(source_, id); }, describe_lookup(id));
  if (!fetched.succeeded()) return {nullptr, Origin::nowhere, fetched.error().message};
  auto metadata = std::make_shared<const Metadata>(std::move(fetched).value());
  cache_.put(metadata);
  return {std::move(metadata), Origin::source, ""};
}

void MetadataService::count(Origin origin) noexcept {
  switch (origin) {
    case Origin::cache:
      ++counts_.from_cache;
      break;
    case Origin::source:
      ++counts_.from_source;
      break;
    case Origin::expired_cache:
      ++counts_.from_expired_cache;
      break;
    case Origin::nowhere:
      ++counts_.failed;
      break;
  }
}

}  // namespace lookup
