// What the type and the stack of a call site say about who holds what it makes.
#pragma once

#include <string>

#include "verdict/verdict.hpp"

namespace soak::verdict {

/// A node of a list, tree or hash table: one for each element.
[[nodiscard]] bool is_node(const SiteGrowth& site);
/// The buffer, or the buckets, of a container that grows in place: more bytes, no more blocks.
[[nodiscard]] bool is_growing_buffer(const SiteGrowth& site);
/// What a container makes for its elements, whether of one that grows or of many small ones.
[[nodiscard]] bool is_part_of_container(const SiteGrowth& site);
/// Where a std::shared_ptr counts: what make_shared made, or what stands beside an object of its own.
[[nodiscard]] bool is_control_block(const SiteGrowth& site);
/// Made by code, not by the standard library on the code's behalf.
[[nodiscard]] bool is_object_of_own_code(const SiteGrowth& site);

/// The function of the line to show, or who called it, logs by its name: `Logger::write`, `write_log`.
[[nodiscard]] bool is_under_logging(const SiteGrowth& site);
/// Made for a new thread: its stack, its thread-locals.
[[nodiscard]] bool is_made_for_a_thread(const SiteGrowth& site);
/// While a thread_local variable was initialised.
[[nodiscard]] bool is_made_for_a_thread_local(const SiteGrowth& site);

/// Whether an element of this container can lead to that object: by its type, a pointer, or what may hold anything.
[[nodiscard]] bool can_hold(const SiteGrowth& container, const SiteGrowth& object);

[[nodiscard]] bool is_same_line(const SiteGrowth& one, const SiteGrowth& other);

}  // namespace soak::verdict
