// Names that soak gives to things: random ones for what is new, hashes for what is known by its content.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace soak {

/// A random (version 4) UUID from the kernel's random numbers, as 32 hexadecimal digits: two machines that start in
/// the same second, or two runs into different folders, never share one.
[[nodiscard]] std::string random_uid();

/// The hash of an empty text.
inline constexpr std::uint64_t empty_hash = 0xcbf29ce484222325U;
/// FNV-1a, 64 bits; `hash` is that of the text before this one. The same on every machine and in every version of
/// soak: its values stand in the stores, in SARIF and GitLab reports, and in the names of logs, so no faster hash can
/// take its place. Not against malice.
[[nodiscard]] std::uint64_t stable_hash(std::string_view text, std::uint64_t hash = empty_hash);

}  // namespace soak
