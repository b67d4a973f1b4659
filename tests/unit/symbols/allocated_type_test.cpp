#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "symbols/frame.hpp"

namespace soak::symbols {
namespace {

std::vector<Frame> stack(const std::vector<std::string>& names) {
  std::vector<Frame> frames;
  for (const auto& name : names) {
    frames.emplace_back();
    frames.back().raw_name = name;
    frames.back().module = "/home/me/app";
  }
  return frames;
}

const std::string string = "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >";
const std::string operator_new = "_Znwm";

std::string allocator_of(const std::string& type) {
  return "std::__new_allocator<" + type + " >::allocate(unsigned long, void const*)";
}

struct TypeCase {
  std::vector<std::string> names;
  std::string expected;
};

const std::vector<TypeCase> type_cases = {
    {{operator_new, allocator_of("app::Job"), "app::run(int)"}, "app::Job"},
    {{operator_new, allocator_of(string)}, "std::string"},
    {{operator_new, "std::__new_allocator<int>::allocate"}, "int"},
    {{operator_new, "__gnu_cxx::new_allocator<app::Job>::allocate(unsigned long, void const*)"}, "app::Job"},
    {{operator_new, "std::__1::allocator<app::Job>::allocate[abi:v15000](unsigned long)"}, "app::Job"},
    {{operator_new, allocator_of("std::_Sp_counted_ptr_inplace<app::Job, std::allocator<void>, "
                                 "(__gnu_cxx::_Lock_policy)2>")},
     "app::Job"},
    {{operator_new, allocator_of("std::_Rb_tree_node<std::pair<" + string + " const, app::Job> >")},
     "node of std::map<std::string, app::Job>"},
    {{operator_new, allocator_of("std::_Rb_tree_node<int>")}, "node of std::set<int>"},
    {{operator_new, allocator_of("std::__detail::_Hash_node<std::pair<int const, app::Job*>, false>")},
     "node of std::unordered_map<int, app::Job*>"},
    {{operator_new, allocator_of("std::__detail::_Hash_node<" + string + ", true>")},
     "node of std::unordered_set<std::string>"},
    {{operator_new, allocator_of("std::_List_node<app::Job>")}, "node of std::list<app::Job>"},
    {{operator_new, allocator_of("std::_Fwd_list_node<app::Job>")}, "node of std::forward_list<app::Job>"},
    {{operator_new, allocator_of("int"),
      "std::allocator_traits<std::allocator<int> >::allocate(std::allocator<int>&)",
      "std::_Vector_base<int, std::allocator<int> >::_M_allocate(unsigned long)"},
     "buffer of std::vector<int>"},
    {{operator_new, allocator_of("char"), string + "::_M_create(unsigned long&, unsigned long)", "main"},
     "buffer of std::string"},
    {{operator_new, allocator_of("app::Job"),
      "std::_Deque_base<app::Job, std::allocator<app::Job> >::_M_allocate_node()"},
     "buffer of std::deque<app::Job>"},
    {{operator_new, allocator_of("std::__detail::_Hash_node_base*"),
      "std::_Hashtable<int, std::pair<int const, long>, std::allocator<std::pair<int const, long> >, "
      "std::__detail::_Select1st, std::equal_to<int>, std::hash<int> >::_M_allocate_buckets(unsigned long)"},
     "buckets of std::unordered_map<int, long>"},
    {{operator_new, "std::__detail::_MakeUniq<app::Job>::__single_object std::make_unique<app::Job, int>(int&&)"},
     "app::Job"},
    {{operator_new, "std::make_shared<" + string + ", char const (&) [3]>"}, "std::string"},
    {{"malloc", operator_new, "app::Job::Job(int)", "main"}, "member of app::Job"},
    {{operator_new, "app::Table<int>::Table(app::Table<int> const&)"}, "member of app::Table<int>"},
    // Nothing is said where nothing is known.
    {{operator_new, "app::run(int)", allocator_of("int")}, ""},
    {{operator_new, "app::run(int)", "app::Job::Job()"}, ""},
    {{"malloc", "curl_easy_init", "main"}, ""},
    {{}, ""},
};
TEST(AllocatedType, IsReadFromTheFramesOfAllocatorsAndConstructors) {
  for (const auto& [names, expected] : type_cases)
    EXPECT_EQ(allocated_type(stack(names)).value_or(""), expected) << (names.size() > 1 ? names[1] : "no frames");
}

}  // namespace
}  // namespace soak::symbols
