// Names of functions and types as a person reads them.
//
// Compilers write names that are exact and unreadable: default template arguments spelt out, inline namespaces, the
// library's own class behind each container. Shortening is for reading only: two different functions may come out the
// same, so nothing is ever looked up by a short name. No state; any thread may call any of these.
#pragma once

#include <string>
#include <string_view>

namespace soak::symbols {

/// The demangled form of an Itanium C++ name; anything else comes back as it is.
[[nodiscard]] std::string demangle(const std::string& name);

/// `std::vector<std::__cxx11::basic_string<...>, std::allocator<...> >` -> `std::vector<std::string>`.
[[nodiscard]] std::string shorten_type(std::string_view demangled);

/// The function's qualified name, without return type, qualifiers and clone suffixes. Long lists of template
/// arguments and parameters become `<...>` and `(...)`; a lambda's call operator is the lambda: `run()::{lambda}`.
[[nodiscard]] std::string shorten_function(std::string_view demangled);

/// The qualified name inside a demangled function, not shortened: no return type, no parameters.
[[nodiscard]] std::string_view function_path(std::string_view demangled);

}  // namespace soak::symbols
