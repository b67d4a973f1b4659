// What people call the instances of well-known templates, and which namespaces nobody writes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace soak::symbols {

/// Namespaces that are inline in their library (std::__cxx11, fmt::v9) stand for versions of the ABI.
[[nodiscard]] bool is_inline_namespace(std::string_view outer, std::string_view word);

/// `name<arguments>` as people write it. Everything given is already short; `name` is qualified.
[[nodiscard]] std::string with_arguments(const std::string& name, std::vector<std::string> arguments);

/// The part behind the last `::` outside of brackets, without its arguments.
[[nodiscard]] std::string last_component(std::string_view name);

}  // namespace soak::symbols
