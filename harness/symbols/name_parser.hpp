// Reads a demangled name once, from left to right, and writes the short one, by the rules of what people call the
// instances of well-known templates and which namespaces nobody writes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace soak::symbols {

/// Parses one name in one call. It ends and does not throw for any text: what it does not understand it copies.
class NameParser {
 public:
  explicit NameParser(std::string_view text) : text_(text) {}

  /// Reads up to a comma or bracket that belongs to the caller.
  std::string type();
  std::string function();

 private:
  /// A name with its `::`, arguments, and the parameters of the functions that enclose it.
  struct QualifiedName {
    std::string text;
    std::string last_word;  ///< The last component as it was written: constructors repeat it.
    bool ends_in_lambda = false;
    bool has_parameters = false;
  };
  struct TypeText {
    std::string text;
    std::size_t base_end = std::string::npos;  ///< Where the type's name ends and `const`, `*` and `&` begin.
    bool is_builtin = false;
  };
  enum class Place { in_type, outermost_of_function };

  QualifiedName qualified_name(Place place);
  void component(QualifiedName& name, Place place);
  void add_word(QualifiedName& name, const std::string& word);
  void template_arguments(QualifiedName& name, Place place);
  /// Returns whether the name goes on behind them.
  bool parameters(QualifiedName& name, Place place);
  std::string braces();
  std::string operator_name();
  std::string word();
  std::string literal();
  std::vector<std::string> list(char closing);
  void type_piece(TypeText& type);

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char next(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool starts_with(std::string_view part) const { return text_.substr(at_).starts_with(part); }
  [[nodiscard]] bool at_name() const;
  bool skip(std::string_view part);
  void skip_square_brackets();

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

/// Whether a namespace is inline in its library (std::__cxx11, fmt::v9), and so only stands for a version of the ABI.
[[nodiscard]] bool is_inline_namespace(std::string_view outer, std::string_view word);

/// `name<arguments>` as people write it. Everything given is already short; `name` is qualified.
[[nodiscard]] std::string with_arguments(const std::string& name, std::vector<std::string> arguments);

/// The part behind the last `::` outside of brackets, without its arguments.
[[nodiscard]] std::string last_component(std::string_view name);

}  // namespace soak::symbols
