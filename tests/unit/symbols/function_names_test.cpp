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
const std::vector<NameCase> functions = {
    {"nlohmann::json_abi_v3_11_2::detail::json_sax_dom_callback_parser<nlohmann::json_abi_v3_11_2::basic_json<std::map, std::vector, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, bool, long, unsigned long, double, std::allocator, nlohmann::json_abi_v3_11_2::adl_serializer, std::vector<unsigned char, std::allocator<unsigned char> > > >::null()",
     "nlohmann::detail::json_sax_dom_callback_parser<nlohmann::json>::null()"},
    {"nlohmann::json_abi_v3_11_2::byte_container_with_subtype<std::vector<unsigned char, std::allocator<unsigned char> > >::subtype() const",
     "nlohmann::byte_container_with_subtype<std::vector<unsigned char>>::subtype()"},
    {"nlohmann::json_abi_v3_11_2::basic_json<std::map, std::vector, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, bool, long, unsigned long, double, std::allocator, nlohmann::json_abi_v3_11_2::adl_serializer, std::vector<unsigned char, std::allocator<unsigned char> > >::dump(int, char, bool, nlohmann::json_abi_v3_11_2::detail::error_handler_t) const",
     "nlohmann::json::dump(...)"},
    {"nlohmann::json_abi_v3_11_2::basic_json<std::map, std::vector, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, bool, long, unsigned long, double, std::allocator, nlohmann::json_abi_v3_11_2::adl_serializer, std::vector<unsigned char, std::allocator<unsigned char> > >::json_value::json_value(bool)",
     "nlohmann::json::json_value::json_value(bool)"},
    {"std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >* nlohmann::json_abi_v3_11_2::basic_json<std::map, std::vector, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, bool, long, unsigned long, double, std::allocator, nlohmann::json_abi_v3_11_2::adl_serializer, std::vector<unsigned char, std::allocator<unsigned char> > >::create<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, char const (&) [1]>(char const (&) [1])",
     "nlohmann::json::create<std::string, const char (&) [1]>(const char (&) [1])"},
    {"std::_Rb_tree<long, std::pair<long const, long>, std::_Select1st<std::pair<long const, long> >, std::less<long>, std::allocator<std::pair<long const, long> > >::end()",
     "std::map<long, long>::end()"},
    {"std::_Rb_tree<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, std::_Identity<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > >, std::greater<void>, std::allocator<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > > >::end()",
     "std::set<std::string>::end()"},
    {"std::_Rb_tree_iterator<std::pair<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > const, std::vector<app::(anonymous namespace)::Job, std::allocator<app::(anonymous namespace)::Job> > > >::operator++()",
     "std::map<std::string, std::vector<app::(anonymous namespace)::Job>>::iterator::operator++()"},
    {"std::_Hashtable<int, std::pair<int const, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > >, std::allocator<std::pair<int const, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > > >, std::__detail::_Select1st, std::equal_to<int>, std::hash<int>, std::__detail::_Mod_range_hashing, std::__detail::_Default_ranged_hash, std::__detail::_Prime_rehash_policy, std::__detail::_Hashtable_traits<false, false, true> >::end()",
     "std::unordered_map<int, std::string>::end()"},
    {"std::_Rb_tree_node<std::pair<long const, long> >::_M_valptr()",
     "std::_Rb_tree_node<std::pair<const long, long>>::_M_valptr()"},
    {"std::_List_node<int>::_M_valptr()",
     "std::_List_node<int>::_M_valptr()"},
    {"std::__detail::_Hash_node<std::pair<int const, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > >, false>::_Hash_node()",
     "std::__detail::_Hash_node<std::pair<const int, std::string>, false>::_Hash_node()"},
    {"std::deque<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, std::allocator<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > > >::end()",
     "std::deque<std::string>::end()"},
    {"std::_Deque_base<long, std::allocator<long> >::_Deque_base()",
     "std::_Deque_base<long>::_Deque_base()"},
    {"std::stack<long, std::deque<long, std::allocator<long> > >::pop()",
     "std::stack<long>::pop()"},
    {"std::queue<int, std::deque<int, std::allocator<int> > >::~queue()",
     "std::queue<int>::~queue()"},
    {"std::priority_queue<int, std::vector<int, std::allocator<int> >, std::less<int> >::push(int&&)",
     "std::priority_queue<int>::push(int&&)"},
    {"std::shared_ptr<app::(anonymous namespace)::Job>::~shared_ptr()",
     "std::shared_ptr<app::(anonymous namespace)::Job>::~shared_ptr()"},
    {"std::_Sp_counted_ptr_inplace<app::(anonymous namespace)::Job, std::allocator<void>, (__gnu_cxx::_Lock_policy)2>::_M_ptr()",
     "std::_Sp_counted_ptr_inplace<app::(anonymous namespace)::Job>::_M_ptr()"},
    {"std::_Sp_counted_ptr_inplace<std::__detail::_NFA<std::__cxx11::regex_traits<char> >, std::allocator<void>, (__gnu_cxx::_Lock_policy)2>::_M_ptr()",
     "std::_Sp_counted_ptr_inplace<std::__detail::_NFA<std::regex_traits<char>>>::_M_ptr()"},
    {"std::shared_ptr<app::(anonymous namespace)::Job> std::make_shared<app::(anonymous namespace)::Job>()",
     "std::make_shared<app::(anonymous namespace)::Job>()"},
    {"std::function<void (int)>::~function()",
     "std::function<void (int)>::~function()"},
    {"std::function<bool (char)>::function<std::__detail::_CharMatcher<std::__cxx11::regex_traits<char>, true, true>, void>(std::__detail::_CharMatcher<std::__cxx11::regex_traits<char>, true, true>&&)",
     "std::function<bool (char)>::function<...>(...)"},
    {"std::_Function_handler<void (int), main::{lambda(int)#1}>::_M_invoke(std::_Any_data const&, int&&)",
     "std::_Function_handler<void (int), main::{lambda}>::_M_invoke(const std::_Any_data&, int&&)"},
    {"main::{lambda(int)#1}::operator()(int) const",
     "main::{lambda}"},
    {"auto app::(anonymous namespace)::Job::run(int) const::{lambda(auto:1)#1}::operator()<char const*>(char const*) const",
     "app::(anonymous namespace)::Job::run()::{lambda}"},
    {"main::{lambda()#2}::operator()() const",
     "main::{lambda#2}"},
    {"bool std::__detail::_Compiler<std::__cxx11::regex_traits<char> >::_M_expression_term<true, true>(std::__detail::_Compiler<std::__cxx11::regex_traits<char> >::_BracketState&, std::__detail::_BracketMatcher<std::__cxx11::regex_traits<char>, true, true>&)",
     "std::__detail::_Compiler<std::regex_traits<char>>::_M_expression_term<true, true>(...)"},
    {"__gnu_cxx::__normal_iterator<char const*, std::vector<char, std::allocator<char> > >::base() const",
     "std::vector<char>::const_iterator::base()"},
    {"std::variant<int, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > >::~variant()",
     "std::variant<int, std::string>::~variant()"},
    {"std::any::~any()",
     "std::any::~any()"},
    {"std::enable_if<__is_path_src<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > >, std::filesystem::__cxx11::path>::type& std::filesystem::__cxx11::path::operator/=<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > >(std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > const&)",
     "std::filesystem::path::operator/=<std::string>(const std::string&)"},
    {"std::chrono::duration<long, std::ratio<1l, 1000000000l> >::zero()",
     "std::chrono::nanoseconds::zero()"},
    {"std::chrono::time_point<std::chrono::_V2::system_clock, std::chrono::duration<long, std::ratio<1l, 1000000000l> > >::time_point()",
     "std::chrono::time_point<std::chrono::system_clock>::time_point()"},
    {"clock_fn(std::chrono::duration<long, std::ratio<1l, 1000000000l> >, std::chrono::time_point<std::chrono::_V2::system_clock, std::chrono::duration<long, std::ratio<1l, 1000000000l> > >, std::chrono::duration<long, std::ratio<1l, 1000l> >, std::chrono::duration<long, std::ratio<1l, 1l> >)",
     "clock_fn(...)"},
    {"std::__atomic_futex_unsigned<2147483648u>::__atomic_futex_unsigned(unsigned int)",
     "std::__atomic_futex_unsigned<2147483648>::__atomic_futex_unsigned(unsigned int)"},
    {"Conv::operator std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >() const",
     "Conv::operator std::string()"},
    {"Conv::operator()(int)",
     "Conv::operator()(int)"},
    {"Conv& Conv::operator<< <std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > >(std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >)",
     "Conv::operator<<<std::string>(std::string)"},
    {"std::pair<int, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > >* app::mk<std::pair<int, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > > >(std::pair<int, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > > const&, std::shared_ptr<app::(anonymous namespace)::Job>&)",
     "app::mk<std::pair<int, std::string>>(...)"},
    {"app::(anonymous namespace)::Job::run(int) const",
     "app::(anonymous namespace)::Job::run(int)"},
    {"app::(anonymous namespace)::Job::~Job()",
     "app::(anonymous namespace)::Job::~Job()"},
    {"fmt::v9::format_arg_store<fmt::v9::basic_format_context<fmt::v9::appender, char>, std::remove_cv<std::remove_reference<int&>::type>::type, std::remove_cv<std::remove_reference<char const (&) [2]>::type>::type> fmt::v9::make_format_args<fmt::v9::basic_format_context<fmt::v9::appender, char>, int&, char const (&) [2]>(int&, char const (&) [2])",
     "fmt::make_format_args<...>(int&, const char (&) [2])"},
    {"void fmt::v9::detail::ignore_unused<bool>(bool const&)",
     "fmt::detail::ignore_unused<bool>(const bool&)"},
    {"boost::asio::detail::scheduler::do_run_one(boost::asio::detail::conditionally_enabled_mutex::scoped_lock&, boost::asio::detail::scheduler_thread_info&, boost::system::error_code const&)",
     "boost::asio::detail::scheduler::do_run_one(...)"},
    {"boost::asio::detail::binder0<main::{lambda()#3}>::operator()()",
     "boost::asio::detail::binder0<main::{lambda#3}>::operator()()"},
    {"boost::asio::detail::call_stack<boost::asio::detail::thread_context, boost::asio::detail::thread_info_base>::top()",
     "boost::asio::detail::call_stack<...>::top()"},
    {"boost::asio::io_context::basic_executor_type<std::allocator<void>, 0ul>::bits() const",
     "boost::asio::io_context::basic_executor_type<std::allocator<void>, 0>::bits()"},
    {"boost::wrapexcept<std::bad_alloc>::clone() const",
     "boost::wrapexcept<std::bad_alloc>::clone()"},
    {"decltype (::new ((void*)(0)) int((declval<int>)())) std::construct_at<int, int>(int*, int&&)",
     "std::construct_at<int, int>(int*, int&&)"},
    {"std::basic_ostream<char, std::char_traits<char> >& std::filesystem::__cxx11::operator<< <char, std::char_traits<char> >(std::basic_ostream<char, std::char_traits<char> >&, std::filesystem::__cxx11::path const&)",
     "std::filesystem::operator<<<char>(...)"},
    {"std::array<char, 4ul>::data()",
     "std::array<char, 4>::data()"},
    {"std::operator==(std::_Rb_tree_iterator<std::pair<long const, long> > const&, std::_Rb_tree_iterator<std::pair<long const, long> > const&)",
     "std::operator==(...)"},
    {"std::tuple_element<0ul, std::tuple<long const&> >::type& std::get<0ul, long const&>(std::tuple<long const&>&)",
     "std::get<0, const long&>(std::tuple<const long&>&)"},
    {"std::thread::_Invoker<std::tuple<main::{lambda()#2}> >::operator()()",
     "std::thread::_Invoker<std::tuple<main::{lambda#2}>>::operator()()"},
    {"main",
     "main"},
    {"foo.isra.0",
     "foo"},
    {"do_work.constprop.0.cold",
     "do_work"},
    {"memcpy@@GLIBC_2.14",
     "memcpy"},
    {"app::run(int) [clone .cold]",
     "app::run(int)"},
    {"ns::read[abi:cxx11](int)",
     "ns::read(int)"},
    {"operator new(unsigned long)",
     "operator new(unsigned long)"},
    {"operator new[](unsigned long, std::align_val_t)",
     "operator new[](unsigned long, std::align_val_t)"},
    {"bool app::operator< <int>(app::Id<int> const&, app::Id<int> const&)",
     "app::operator<<int>(const app::Id<int>&, const app::Id<int>&)"},
    {"app::Handle::operator->() const",
     "app::Handle::operator->()"},
    {"app::Handle::operator bool() const",
     "app::Handle::operator bool()"},
    {"std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string(char const*)",
     "std::string::string(const char*)"},
    {"std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >::~basic_string()",
     "std::string::~string()"},
    {"std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >::_M_create(unsigned long&, unsigned long)",
     "std::string::_M_create(unsigned long&, unsigned long)"},
    {"std::vector<int, std::allocator<int> >& app::grow<int>(std::vector<int, std::allocator<int> >&) &&",
     "app::grow<int>(std::vector<int>&)"},
    {"app::f(int) const::{lambda()#1}::operator()() const::{lambda(int)#3}::operator()(int) const",
     "app::f()::{lambda}::{lambda#3}"},
    {"sample::Worker::work(std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > const&) const::$_0::operator()() const",
     "sample::Worker::work()::{lambda}"},
    {"app::f(int)::Local::g()",
     "app::f()::Local::g()"},
    {"(anonymous namespace)::Cache::insert(int)",
     "(anonymous namespace)::Cache::insert(int)"},
    {"boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::any_io_executor>::close()",
     "boost::asio::ip::tcp::socket::close()"},
    {"absl::lts_20220623::Mutex::Lock()",
     "absl::Mutex::Lock()"},
    {"api::v1::Client::send()",
     "api::v1::Client::send()"},
};
// clang-format on

TEST(ShortenFunction, GivesWhatAPersonReads) {
  for (const auto& [demangled, expected] : functions) EXPECT_EQ(shorten_function(demangled), expected) << demangled;
}

TEST(ShortenFunction, CopesWithTextThatIsNoName) {
  for (const std::string text :
       {"", "<", ">", "((((", "a<b", "a<b<c", "operator", "{", "a::", "::", "~", "a(", "))", "[", ","})
    EXPECT_LE(shorten_function(text).size(), text.size() + 16) << text;
}

TEST(ShortenFunction, EndsOnNestingWithoutEnd) {
  std::string text = "f";
  for (int i = 0; i < 100'000; ++i) text += "<a";
  EXPECT_FALSE(shorten_function(text).empty());
}

TEST(Demangle, LeavesAloneWhatIsNotMangled) {
  EXPECT_EQ(demangle("_ZN3app3runEi"), "app::run(int)");
  for (const auto* name : {"main", "_start", "_Z", "_Zbroken", ""}) EXPECT_EQ(demangle(name), name);
}

struct PathCase {
  std::string demangled, path;
};
const std::vector<PathCase> paths = {
    {"app::run(int)", "app::run"},
    {"void app::run<int>(int) const", "app::run<int>"},
    {"std::vector<int, std::allocator<int> > app::all<char const*>(char const*)", "app::all<char const*>"},
    {"(anonymous namespace)::run(int)", "(anonymous namespace)::run"},
    {"app::(anonymous namespace)::run", "app::(anonymous namespace)::run"},
    {"std::__new_allocator<int>::allocate(unsigned long, void const*)", "std::__new_allocator<int>::allocate"},
    {"app::Handle::operator()(int)", "app::Handle::operator()"},
    {"app::Handle::operator->()", "app::Handle::operator->"},
    {"main", "main"},
};
TEST(FunctionPath, IsTheQualifiedNameAlone) {
  for (const auto& [demangled, path] : paths) EXPECT_EQ(function_path(demangled), path) << demangled;
}

}  // namespace
}  // namespace soak::symbols
