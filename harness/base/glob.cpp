#include "base/glob.hpp"

#include <algorithm>
#include <tuple>

#include "base/text.hpp"

namespace soak {
namespace {

bool is_special(char32_t character) { return character == U'*' || character == U'?' || character == U'\\'; }

}  // namespace

Glob::Glob(std::string_view text) {
  const auto characters = decode_utf8(text);
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const auto character = characters[i];
    if (character == U'\\' && i + 1 < characters.size() && is_special(characters[i + 1]))
      parts_.push_back({Kind::character, characters[++i]});
    else if (character == U'?')
      parts_.push_back({Kind::any_one});
    else if (character != U'*')
      parts_.push_back({Kind::character, character});
    else if (parts_.empty() || parts_.back().kind != Kind::any_text)  // two in a row match what one matches
      parts_.push_back({Kind::any_text});
  }
}

bool Glob::takes(const Part& pattern, const Part& text) {
  if (pattern.kind == Kind::any_one) return text.kind != Kind::any_text;
  return pattern.kind == text.kind && pattern.character == text.character;
}

// The usual algorithm: on a mismatch the last `*` takes one character more.
bool Glob::takes_all(const std::vector<Part>& text) const {
  std::size_t at = 0, in_text = 0, star = parts_.size(), taken_by_star = 0;
  while (in_text < text.size()) {
    if (at < parts_.size() && parts_[at].kind == Kind::any_text) {
      star = at++;
      taken_by_star = in_text;
    } else if (at < parts_.size() && takes(parts_[at], text[in_text])) {
      ++at;
      ++in_text;
    } else if (star < parts_.size()) {
      at = star + 1;
      in_text = ++taken_by_star;
    } else {
      return false;
    }
  }
  return std::all_of(parts_.begin() + static_cast<std::ptrdiff_t>(at), parts_.end(),
                     [](const Part& part) { return part.kind == Kind::any_text; });
}

bool Glob::matches(std::string_view name) const {
  std::vector<Part> text;
  for (const auto character : decode_utf8(name)) text.push_back({Kind::character, character});
  return takes_all(text);
}

bool Glob::covers(const Glob& other) const { return takes_all(other.parts_); }

std::ptrdiff_t Glob::count(Kind kind) const { return std::ranges::count(parts_, kind, &Part::kind); }

bool Glob::is_plain() const {
  return std::ranges::all_of(parts_, [](const Part& part) { return part.kind == Kind::character; });
}

bool Glob::stands_before(const Glob& other) const {
  // What it leaves open, at the end: `a*b*` covers `a*b`.
  const auto speciality = [](const Glob& glob) {
    return std::tuple(glob.count(Kind::character), glob.count(Kind::any_one), -glob.count(Kind::any_text));
  };
  return speciality(*this) < speciality(other);
}

std::string glob_for(std::string_view name) {
  std::string glob;
  for (const char character : name) {
    if (is_special(static_cast<unsigned char>(character))) glob += '\\';
    glob += character;
  }
  return glob;
}

}  // namespace soak
