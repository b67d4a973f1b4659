#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <downloads/downloader.hpp>
#include <downloads/media_server_process.hpp>
#include <downloads/part_file.hpp>
#include <downloads/server/media_object.hpp>
#include <downloads/workload.hpp>
#include <fstream>
#include <iterator>
#include <memory>
#include <retry/exponential_backoff.hpp>
#include <sstream>
#include <storage/temporary_folder.hpp>
#include <string>
#include <vector>

namespace downloads {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::uint64_t object_bytes = 64'000;

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

std::string expected_content(const std::string& id, std::uint64_t size_bytes) {
  std::string content(size_bytes, '\0');
  media::MediaObject{id, size_bytes}.read(0, content);
  return content;
}

std::ptrdiff_t open_descriptors() {
  const std::filesystem::directory_iterator descriptors("/proc/self/fd");
  return std::distance(begin(descriptors), end(descriptors));
}

class Downloads : public testing::Test {
 protected:
  DownloadRequest request(const std::string& id, const std::string& faults = {}, std::uint64_t bytes = object_bytes) {
    return {server_.url() + "/media/" + id + "?size=" + std::to_string(bytes) + "&faults=" + faults,
            folder_.path() / id};
  }
  DownloadResult download_one(const DownloadRequest& one) { return downloader_.download({&one, 1}).at(0); }
  void leave_part(const std::string& id, const std::string& content) {
    std::ofstream(part_path(folder_.path() / id), std::ios::binary) << content;
  }
  void expect_intact(const std::string& id, std::uint64_t bytes = object_bytes) {
    EXPECT_TRUE(content_of(folder_.path() / id) == expected_content(id, bytes)) << id;
    EXPECT_FALSE(exists(part_path(folder_.path() / id))) << id;
  }

  MediaServerProcess server_;
  storage::TemporaryFolder folder_{"soak-downloads-"};
  recovery::SteadyClock clock_;
  recovery::ErrorRecoveryManager recoveries_{std::make_unique<recovery::ExponentialBackoff>(recovery::RetryConfig{
                                                 .max_attempts = 4, .base_delay = 1ms, .max_delay = 4ms}),
                                             clock_};
  Downloader downloader_{recoveries_, {.concurrency = 4, .stall_timeout = 200ms, .longest_retry_after = 20ms}};
};

TEST_F(Downloads, TakeOneAttemptWhereNothingGoesWrong) {
  std::vector<DownloadRequest> requests;
  for (int number = 0; number < 12; ++number) requests.push_back(request("clean-" + std::to_string(number)));
  for (const auto& result : downloader_.download(requests)) {
    EXPECT_EQ(result.error, "");
    EXPECT_EQ(result.attempts, 1);
    EXPECT_EQ(result.bytes, object_bytes);
    EXPECT_EQ(result.resumed_bytes, 0U);
  }
  for (int number = 0; number < 12; ++number) expect_intact("clean-" + std::to_string(number));
}

// Each fault in a body halves what is left to fetch: 32,000 of 64,000 are on disk, then 48,000, then 56,000.
TEST_F(Downloads, SurviveEveryFaultWithExactlyOneMoreAttemptEach) {
  struct Case {
    std::string id;
    std::string faults;
    int attempts;
    std::uint64_t resumed_bytes;
  };
  const std::vector<Case> cases = {
      {"unavailable", "503", 2, 0},
      {"reset", "reset", 2, 32'000},
      {"truncated", "truncate", 2, 32'000},
      {"stalled", "stall", 2, 32'000},
      {"one-after-the-other", "503,truncate,reset", 4, 32'000 + 48'000},
      {"half-and-half", "truncate,truncate,truncate", 4, 32'000 + 48'000 + 56'000},
      {"refused-in-between", "reset,503", 3, 32'000},
  };
  std::vector<DownloadRequest> requests;
  for (const auto& fault : cases) requests.push_back(request(fault.id, fault.faults));
  const auto results = downloader_.download(requests);
  ASSERT_EQ(results.size(), cases.size());
  for (std::size_t number = 0; number < cases.size(); ++number) {
    EXPECT_EQ(results[number].error, "") << cases[number].id;
    EXPECT_EQ(results[number].attempts, cases[number].attempts) << cases[number].id;
    EXPECT_EQ(results[number].resumed_bytes, cases[number].resumed_bytes) << cases[number].id;
    EXPECT_EQ(results[number].bytes, object_bytes) << cases[number].id;
    expect_intact(cases[number].id);
  }
}

TEST_F(Downloads, WaitAsLongAsTheServerAsksButNotLongerThanAllowed) {
  auto patient = request("patient", "503");
  patient.url += "&retry_after=3600";
  EXPECT_EQ(download_one(patient).delay, 20ms);
  auto eager = request("eager", "503");
  eager.url += "&retry_after=0";
  EXPECT_EQ(download_one(eager).delay, 1ms);
}

TEST_F(Downloads, AreGivenUpAfterTheLastAttemptAndGoOnNextTime) {
  const auto stubborn = request("stubborn", "truncate,truncate,truncate,truncate,truncate");
  const auto first = download_one(stubborn);
  EXPECT_FALSE(first.succeeded());
  EXPECT_EQ(first.attempts, 4);
  EXPECT_THAT(first.error, HasSubstr("bytes remaining to read"));
  EXPECT_EQ(first.bytes, 0U);
  EXPECT_FALSE(exists(stubborn.file));
  EXPECT_EQ(file_size(part_path(stubborn.file)), 60'000U);

  const auto second = download_one(stubborn);
  EXPECT_EQ(second.error, "");
  EXPECT_EQ(second.attempts, 2);
  EXPECT_EQ(second.resumed_bytes, 60'000U + 62'000U);
  expect_intact("stubborn");
}

TEST_F(Downloads, NameAStallAsTheReason) {
  const auto result = download_one(request("frozen", "stall,stall,stall,stall"));
  EXPECT_EQ(result.error, "no byte for 200 ms");
  EXPECT_EQ(result.attempts, 4);
}

TEST_F(Downloads, DoNotAskAgainForWhatDoesNotExist) {
  const DownloadRequest missing{server_.url() + "/nothing/here", folder_.path() / "missing"};
  const auto result = download_one(missing);
  EXPECT_EQ(result.error, "the server answered 404");
  EXPECT_EQ(result.attempts, 1);
}

TEST_F(Downloads, SayWhereTheFileCannotBeWritten) {
  auto lost = request("lost");
  lost.file = folder_.path() / "no such folder" / "lost";
  const auto result = download_one(lost);
  EXPECT_THAT(result.error, HasSubstr("no such folder/lost.part"));
  EXPECT_EQ(result.attempts, 1);
}

TEST_F(Downloads, GoOnFromWhatAnotherProcessLeft) {
  leave_part("started", expected_content("started", object_bytes).substr(0, 10'001));
  const auto result = download_one(request("started"));
  EXPECT_EQ(result.attempts, 1);
  EXPECT_EQ(result.resumed_bytes, 10'001U);
  expect_intact("started");
}

TEST_F(Downloads, AskForNothingMoreWhereAllOfItIsThere) {
  leave_part("complete", expected_content("complete", object_bytes));
  const auto result = download_one(request("complete"));
  EXPECT_EQ(result.attempts, 1);
  EXPECT_EQ(result.resumed_bytes, object_bytes);
  expect_intact("complete");
}

TEST_F(Downloads, StartOverWhereTheChecksumIsWrong) {
  leave_part("spoilt", std::string(10'000, 'x'));
  const auto result = download_one(request("spoilt"));
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.attempts, 2);
  expect_intact("spoilt");
}

TEST_F(Downloads, StartOverWhereMoreIsOnDiskThanThereIs) {
  leave_part("too-long", std::string(object_bytes + 1, 'x'));
  const auto result = download_one(request("too-long"));
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.attempts, 2);
  EXPECT_EQ(result.resumed_bytes, 0U);
  expect_intact("too-long");
}

TEST_F(Downloads, ReplaceAnOlderFile) {
  std::ofstream(folder_.path() / "renewed") << "old";
  EXPECT_EQ(download_one(request("renewed")).error, "");
  expect_intact("renewed");
}

TEST_F(Downloads, TakeObjectsOfAnySize) {
  for (const std::uint64_t bytes : {0U, 1U, 16'384U, 1'000'000U}) {
    const auto id = "of-" + std::to_string(bytes);
    const auto result = download_one(request(id, {}, bytes));
    EXPECT_EQ(result.error, "") << bytes;
    EXPECT_EQ(result.bytes, bytes);
    expect_intact(id, bytes);
  }
}

TEST_F(Downloads, OfNothingAreNothing) { EXPECT_TRUE(downloader_.download({}).empty()); }

TEST_F(Downloads, LeaveNoDescriptorAndNoRecoveryBehind) {
  const auto batch = plan_batch({.objects = 32, .seed = 5, .stall = Stall::once}, server_.url(), folder_.path());
  const auto before = open_descriptors();
  for (int round = 0; round < 3; ++round) {
    for (const auto& result : downloader_.download(batch)) EXPECT_EQ(result.error, "");
    EXPECT_EQ(open_descriptors(), before) << round;
    EXPECT_TRUE(recoveries_.active_recoveries().empty()) << round;
  }
}

}  // namespace
}  // namespace downloads
