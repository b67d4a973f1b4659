#include <gtest/gtest.h>

#include "history/store_connection.hpp"

namespace soak::history {
namespace {

struct Case {
  std::string address, printable;
};
const std::vector<Case> cases = {
    {"results/history.db", "results/history.db"},
    {"postgresql://soak@host/db", "postgresql://soak@host/db"},
    {"postgresql://soak:secret@host:5432/db", "postgresql://soak:***@host:5432/db"},
    {"postgresql://soak:s@cret@host/db", "postgresql://soak:***@host/db"},
    {"postgresql:///db?user=soak&password=secret&host=/tmp", "postgresql:///db?user=soak&password=***&host=/tmp"},
    {"postgresql:///db?password=secret", "postgresql:///db?password=***"},
};
TEST(StoreAddress, PasswordsAreNotPrinted) {
  for (const auto& [address, printable] : cases) EXPECT_EQ(printable_address(address), printable);
}

TEST(StoreAddress, OfASqliteFileIsAUriInQuotes) {
  EXPECT_EQ(sqlite_connection("/a b/ü\"?.db", FileMode::create), "db=\"file:/a%20b/%C3%BC%22%3F.db\" timeout=120");
  EXPECT_EQ(sqlite_connection("/h.db", FileMode::immutable), "db=\"file:/h.db?immutable=1\" timeout=120 readonly=1");
}

TEST(StoreAddress, AServerThatIsGoneIsNotWaitedForForEver) {
  EXPECT_EQ(postgresql_connection("postgresql://host/db"),
            "postgresql://host/db?connect_timeout=10&tcp_user_timeout=60000");
  EXPECT_EQ(postgresql_connection("postgresql://host/db?connect_timeout=3"),
            "postgresql://host/db?connect_timeout=3&tcp_user_timeout=60000");
}

}  // namespace
}  // namespace soak::history
