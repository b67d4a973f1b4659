// What was allocated, read from the frames of the allocators and containers on the way to the allocation.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "symbols/frame.hpp"

namespace soak::symbols {

/// For people: `app::Job`, `node of std::map<int, app::Job>`, `buffer of std::vector<int>`, `member of app::Job`
/// where the nearest thing known is the constructor that allocated. Nothing where no frame tells: a plain `new` in a
/// function, or malloc. `frames`: innermost first, inlined ones included.
[[nodiscard]] std::optional<std::string> allocated_type(std::span<const Frame> frames);

/// The short name of an object's type, from what std::type_info::name() has. What make_shared allocates is named
/// after the object in it. Anything else, a text of the program's own for one, comes back as it is.
[[nodiscard]] std::string object_type(const std::string& type_info_name);

}  // namespace soak::symbols
