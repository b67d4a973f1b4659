#pragma once

#include <memory>
#include <string>
#include <vector>

inline void clean_operation() { auto text = std::make_unique<std::string>(100, 'x'); }

inline std::vector<std::unique_ptr<std::string>> kept;
inline void leaking_operation() { kept.push_back(std::make_unique<std::string>(100, 'x')); }

inline void bounded_operation() {
  static std::vector<std::string> cache;
  if (cache.size() < 3000) cache.emplace_back(100, 'x');
}
