// Names that g++ 12 gave to functions and types of real programs, and what a person should read instead.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "symbols/names.hpp"

namespace soak::symbols {
namespace {

struct NameCase {
  std::string demangled, expected;
};

// One row a name, however long it is.
// clang-format off
const std::vector<NameCase> types = {
    {"std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >",
     "std::string"},
    {"std::__1::basic_string<char, std::__1::char_traits<char>, std::__1::allocator<char> >",
     "std::string"},
    {"std::__cxx11::basic_string<wchar_t, std::char_traits<wchar_t>, std::allocator<wchar_t> >",
     "std::wstring"},
    {"std::basic_string_view<char, std::char_traits<char> >",
     "std::string_view"},
    {"std::basic_string<char, app::CaseBlind, std::allocator<char> >",
     "std::basic_string<char, app::CaseBlind>"},
    {"std::vector<int, std::pmr::polymorphic_allocator<int> >",
     "std::vector<int, std::pmr::polymorphic_allocator<int>>"},
    {"std::map<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, int, std::less<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > >, std::allocator<std::pair<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > const, int> > >",
     "std::map<std::string, int>"},
    {"std::map<int, long, std::greater<int>, std::allocator<std::pair<int const, long> > >",
     "std::map<int, long, std::greater<int>>"},
    {"std::set<int, std::less<int>, std::allocator<int> >",
     "std::set<int>"},
    {"std::unordered_map<int, app::Job*, std::hash<int>, std::equal_to<int>, std::allocator<std::pair<int const, app::Job*> > >",
     "std::unordered_map<int, app::Job*>"},
    {"std::unordered_set<int, app::Hash, std::equal_to<int>, std::allocator<int> >",
     "std::unordered_set<int, app::Hash>"},
    {"std::unique_ptr<app::Job, std::default_delete<app::Job> >",
     "std::unique_ptr<app::Job>"},
    {"std::unique_ptr<_IO_FILE, int (*)(_IO_FILE*)>",
     "std::unique_ptr<_IO_FILE, int (*)(_IO_FILE*)>"},
    {"std::pair<int, std::less<int> >",
     "std::pair<int, std::less<int>>"},
    {"std::stack<int, std::vector<int, std::allocator<int> > >",
     "std::stack<int, std::vector<int>>"},
    {"std::map<int, std::vector<int, std::allocator<int> > >",
     "std::map<int, std::vector<int>>"},
    {"std::queue<int, std::deque<int, std::allocator<int> > >",
     "std::queue<int>"},
    {"std::tuple<int, std::vector<int, std::allocator<int> > >",
     "std::tuple<int, std::vector<int>>"},
    {"unsigned long const&",
     "const unsigned long&"},
    {"char const* const",
     "const char* const"},
    {"app::Job const",
     "const app::Job"},
    {"std::array<char, 9ul>",
     "std::array<char, 9>"},
    {"app::Matrix<-1, (app::Order)2>",
     "app::Matrix<-1, (app::Order)2>"},
    {"std::chrono::duration<long, std::ratio<1l, 1000l> >",
     "std::chrono::milliseconds"},
    {"std::chrono::duration<double, std::ratio<1l, 1l> >",
     "std::chrono::duration<double, std::ratio<1, 1>>"},
    {"nlohmann::json_abi_v3_11_2::basic_json<std::map, std::vector, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, bool, long, unsigned long, double, std::allocator, nlohmann::json_abi_v3_11_2::adl_serializer, std::vector<unsigned char, std::allocator<unsigned char> > >",
     "nlohmann::json"},
    {"fmt::v9::basic_memory_buffer<char, 500ul, std::allocator<char> >",
     "fmt::memory_buffer"},
    {"std::function<void (std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > const&, int)>",
     "std::function<void (const std::string&, int)>"},
    {"std::__cxx11::list<app::Entry, std::allocator<app::Entry> >::iterator",
     "std::list<app::Entry>::iterator"},
    {"void (app::Job::*)(int) const",
     "void (app::Job::*)(int) const"},
};
// clang-format on

TEST(ShortenType, GivesWhatAPersonWrites) {
  for (const auto& [demangled, expected] : types) EXPECT_EQ(shorten_type(demangled), expected) << demangled;
}

}  // namespace
}  // namespace soak::symbols
