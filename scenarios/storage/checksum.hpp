// Tells damaged content from whole; no protection against intent.
#pragma once

#include <cstdint>
#include <string_view>

namespace storage {

/// CRC-32 as zip and PNG have it.
[[nodiscard]] std::uint32_t checksum_of(std::string_view bytes) noexcept;

}  // namespace storage
