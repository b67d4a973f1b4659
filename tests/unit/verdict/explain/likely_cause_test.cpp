#include "verdict/explain/likely_cause.hpp"

#include <gtest/gtest.h>

namespace soak::verdict {
namespace {

/// A site of a table: its share in percent, its blocks an iteration, its type, and its stack, innermost first; a
/// frame of the standard library is not the line to show, nor is one of the runtime.
struct Site {
  int percent;
  double blocks;
  std::string type;
  std::vector<std::string> stack = {"run"};
  double bytes = 0;  ///< An iteration; 0: as many as percent says.
};

bool is_own(const std::string& function) {
  return !function.starts_with("std::") && !function.starts_with("pthread") &&
         !function.starts_with("allocate_stack");
}

SiteGrowth growth_of(const Site& site) {
  SiteGrowth growth;
  growth.share = site.percent / 100.0;
  growth.blocks_per_iteration = site.blocks;
  growth.bytes_per_iteration = site.bytes > 0 ? site.bytes : site.percent;
  growth.site.type = site.type;
  for (const auto& function : site.stack)
    growth.site.stack.push_back({function, is_own(function) ? function + ".cpp" : "/usr/include/x", 7, "app", false});
  for (const auto& frame : growth.site.stack)
    if (is_own(frame.function)) {
      growth.site.function = frame.function, growth.site.file = frame.file, growth.site.line = frame.line;
      break;
    }
  return growth;
}

std::vector<SiteGrowth> growths_of(const std::vector<Site>& sites) {
  std::vector<SiteGrowth> growths;
  for (const auto& site : sites) growths.push_back(growth_of(site));
  return growths;
}

const std::vector<std::string> make_shared = {
    "std::__new_allocator<...>::allocate(...)", "std::__allocate_guarded<...>",
    "std::__shared_count<>::__shared_count<...>(...)", "std::make_shared<Node>", "parse"};
const std::vector<std::string> new_thread = {"allocate_stack", "pthread_create", "serve"};

struct Case {
  std::string name, kind;
  std::vector<Site> sites;
  std::string expected;
  std::vector<Site> descriptors = {};
  bool unjoined_threads_grow = false;
};

void check(const std::vector<Case>& cases) {
  for (const auto& [name, kind, sites, expected, descriptors, unjoined] : cases)
    EXPECT_EQ(likely_cause(kind, growths_of(sites), {growths_of(descriptors), unjoined}), expected) << name;
}

TEST(LikelyCause, CycleWhereControlBlocksOutliveTheirScope) {
  check({
      {"children hold their parent",
       "heap_growth",
       {{87, 3, "Node", make_shared}, {13, 1, "buffer of std::vector<std::shared_ptr<Node>>"}},
       "cycle"},
      {"a function that holds itself",
       "heap_growth",
       {{52, 1, "", {"std::_Function_base::_Base_manager<...>::_M_create<...>", "retry"}},
        {24, 1, "std::function<void()>", make_shared},
        {24, 1, "buffer of std::string"}},
       "cycle"},
      {"allocated apart from its count",
       "heap_growth",
       {{70, 1, "", {"open_session"}},
        {30, 1, "", {"std::__shared_count<>::__shared_count<Session*>", "open_session"}}},
       "cycle"},
      {"a list of them grows as fast: the list holds them",
       "heap_growth",
       {{87, 1, "Node", make_shared}, {13, 1, "node of std::list<std::shared_ptr<Node>>"}},
       "global collection"},
      {"a container of one's own may hold them: its array",
       "heap_growth",
       {{87, 1, "Node", make_shared}, {13, 0, "", {"Table::grow"}}},
       ""},
      {"or its nodes", "heap_growth", {{80, 1, "Node", make_shared}, {20, 1, "", {"List::push"}}}, ""},
      {"what the object itself makes",
       "heap_growth",
       {{80, 1, "Node", make_shared}, {20, 2, "member of Node", {"Node::Node"}}},
       "cycle"},
      {"some other block leaks ten times an iteration",
       "heap_growth",
       {{90, 10, "", {"read_all"}}, {10, 1, "Node", make_shared}},
       ""},
      {"a vector of plain numbers cannot hold them",
       "heap_growth",
       {{87, 1, "Node", make_shared}, {13, 0, "buffer of std::vector<int>"}},
       "cycle"},
      {"the memory of threads that go on running",
       "heap_growth",
       {{88, 1, "", new_thread}, {12, 1, "std::atomic<bool>", make_shared}},
       ""},
  });
}

TEST(LikelyCause, GlobalCollectionWhereAContainerGrows) {
  check({
      {"nodes and what is in them",
       "heap_growth",
       {{70, 1, "buffer of std::string"}, {30, 1, "node of std::map<int, std::string>"}},
       "global collection"},
      {"nodes that own their objects",
       "heap_growth",
       {{80, 1, "", {"add"}}, {20, 1, "node of std::map<int, std::unique_ptr<Job>>"}},
       "global collection"},
      {"a vector of pointers",
       "heap_growth",
       {{98, 1, "Packet", {"take"}}, {2, 0, "buffer of std::vector<std::unique_ptr<Packet>>", {"give_back"}, 8.4}},
       "global collection"},
      {"a vector of numbers alone", "heap_growth", {{100, 0, "buffer of std::vector<int>"}}, "global collection"},
      {"a string that is only appended to", "heap_growth", {{100, 0, "buffer of std::string"}}, "global collection"},
      {"a table's buckets",
       "heap_growth",
       {{70, 1, "node of std::unordered_set<long>"}, {30, 0, "buckets of std::unordered_set<long>"}},
       "global collection"},
      {"each leaked object has a vector",
       "heap_growth",
       {{60, 1, "", {"open"}}, {40, 1, "buffer of std::vector<int>"}},
       ""},
      {"each leaked object has a map of three",
       "heap_growth",
       {{60, 1, "", {"open"}}, {40, 3, "node of std::map<int, std::unique_ptr<Job>>"}},
       ""},
      {"each leaked object has a map of one",
       "heap_growth",
       {{60, 1, "", {"open"}}, {40, 1, "node of std::map<int, int>"}},
       ""},
      {"a vector too small to hold them",
       "heap_growth",
       {{99, 1, "Packet", {"take"}}, {1, 0, "buffer of std::vector<Packet*>", {"note"}, 0.5}},
       ""},
      {"strings alone", "heap_growth", {{100, 1, "buffer of std::string"}}, ""},
      {"a few nodes beside it",
       "heap_growth",
       {{95, 1, "", {"read_all"}}, {5, 1, "node of std::map<int, Job*>"}},
       ""},
  });
}

TEST(LikelyCause, LogAccumulationUnderALoggingFrame) {
  const auto records = [](std::vector<std::string> stack) {
    return std::vector<Site>{{60, 1, "buffer of std::string", stack},
                             {40, 1, "node of std::list<std::string>", stack}};
  };
  check({
      {"a method of a logger", "heap_growth", records({"std::list<...>::push_back(...)", "app::Logger::write"}),
       "log accumulation"},
      {"whose caller logs", "heap_growth", records({"Ring<std::string>::push", "write_log(const char*)", "main"}),
       "log accumulation"},
      {"a library", "heap_growth", records({"spdlog::sinks::ringbuffer_sink<...>::sink_it_(...)"}),
       "log accumulation"},
      {"far out on the stack", "heap_growth", records({"Ring::push", "Parser::step", "run_with_logging"}),
       "global collection"},
      {"other words that have log in them", "heap_growth", records({"Catalog::add", "Dialog::login"}),
       "global collection"},
      {"only in what is passed", "heap_growth", records({"Ring<Logger>::push(log::Record)"}), "global collection"},
      {"the logarithm", "heap_growth", {{100, 1, "", {"std::log(double)", "measure"}}}, ""},
      {"the scenario's own name", "heap_growth", records({"Ring::push", "log_rotation(benchmark::State&)"}),
       "global collection"},
      {"the smaller part of it",
       "heap_growth",
       {{70, 1, "", {"read_all"}}, {30, 1, "buffer of std::string", {"Logger::write"}}},
       ""},
  });
}

TEST(LikelyCause, UnclosedResourceByTheLineThatOpens) {
  check({
      {"descriptors", "open_files", {{100, 1, "", {"load"}}}, "unclosed resource"},
      {"descriptors of unknown lines", "open_files", {}, ""},
      {"the memory of a stream that stays open",
       "heap_growth",
       {{100, 1, "", {"load"}}},
       "unclosed resource",
       {{100, 1, "", {"load"}}}},
      {"memory of another line", "heap_growth", {{100, 1, "", {"parse"}}}, "", {{100, 1, "", {"load"}}}},
      {"the smaller part of it",
       "heap_growth",
       {{70, 1, "", {"parse"}}, {30, 1, "", {"load"}}},
       "",
       {{100, 1, "", {"load"}}}},
      {"a pipe's child", "children", {{100, 1, "", {"version"}}}, "unclosed resource", {{100, 1, "", {"version"}}}},
      {"a child that was forked", "children", {{100, 1, "", {"spawn"}}}, ""},
      {"a process that died of it", "crash", {{100, 1, "", {"load"}}}, "unclosed resource", {{100, 1, "", {"load"}}}},
  });
}

TEST(LikelyCause, ThreadNotJoinedWhereUnjoinedThreadsGrow) {
  check({
      {"threads", "threads", {{100, 1, "", {"serve"}}}, "thread not joined", {}, true},
      {"threads that run on, detached", "threads", {{100, 1, "", {"serve"}}}, "", {}, false},
      {"threads of unknown lines", "threads", {}, "", {}, true},
      {"their memory",
       "heap_growth",
       {{97, 1, "", new_thread}, {3, 0, "buffer of std::vector<std::thread>", {"serve"}, 8.1}},
       "thread not joined",
       {},
       true},
      {"what a thread's own code leaks",
       "heap_growth",
       {{100, 1, "", {"work", "std::thread::_State_impl<...>::_M_run()", "start_thread"}}},
       "",
       {},
       true},
  });
}

TEST(LikelyCause, ThreadLocalWhereItsInitialisationAllocates) {
  check({
      {"its constructor",
       "heap_growth",
       {{100, 1, "", {"make_scratch", "__tls_init", "TLS wrapper function for scratch"}}},
       "thread-local"},
      {"the C library's block for it",
       "heap_growth",
       {{100, 1, "", {"std::x", "__tls_get_addr", "work"}}},
       "thread-local"},
      {"the smaller part of it",
       "heap_growth",
       {{60, 1, "", {"read_all"}}, {40, 1, "", {"make_scratch", "__tls_init"}}},
       ""},
  });
}

TEST(LikelyCause, NoneWithoutSites) {
  check({{"heap", "heap_growth", {}, ""}, {"with descriptors", "heap_growth", {}, "", {{100, 1, ""}}, true}});
}

}  // namespace
}  // namespace soak::verdict
