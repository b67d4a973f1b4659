#include <gtest/gtest.h>

#include <algorithm>
#include <downloads/workload.hpp>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace downloads {
namespace {

std::vector<std::string> urls(const BatchPlan& plan) {
  std::vector<std::string> urls;
  for (const auto& request : plan_batch(plan, "http://127.0.0.1:1", "/tmp")) urls.push_back(request.url);
  return urls;
}

auto count_with(const std::vector<std::string>& urls, const std::string& part) {
  return std::count_if(urls.begin(), urls.end(),
                       [&part](const auto& url) { return url.find(part) != std::string::npos; });
}

TEST(PlanBatch, IsAFunctionOfItsSeed) {
  EXPECT_EQ(urls({.objects = 50, .seed = 1}), urls({.objects = 50, .seed = 1}));
  EXPECT_NE(urls({.objects = 50, .seed = 1}), urls({.objects = 50, .seed = 2}));
}

TEST(PlanBatch, NamesEachObjectAndItsFile) {
  const auto requests = plan_batch({.objects = 2, .seed = 7}, "http://127.0.0.1:1234", "/folder");
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_TRUE(requests[1].url.starts_with("http://127.0.0.1:1234/media/7-1?size=")) << requests[1].url;
  EXPECT_EQ(requests[1].file, "/folder/1.media");
}

TEST(PlanBatch, MixesFaultsIntoAboutAQuarter) {
  const auto all = urls({.objects = 4000, .seed = 3});
  const auto clean = std::count_if(all.begin(), all.end(), [](const auto& url) { return url.ends_with("faults="); });
  EXPECT_NEAR(static_cast<double>(clean) / 4000.0, 0.75, 0.03);
  for (const auto* fault : {"503", "reset", "truncate"}) EXPECT_GT(count_with(all, fault), 200) << fault;
}

TEST(PlanBatch, StallsOnceWhereAskedTo) {
  EXPECT_EQ(count_with(urls({.objects = 12, .seed = 3}), "stall"), 0);
  EXPECT_EQ(count_with(urls({.objects = 12, .seed = 3, .stall = Stall::once}), "stall"), 1);
}

}  // namespace
}  // namespace downloads
