// protobuf: messages on an arena, which frees them all at once or never.
#include <google/protobuf/arena.h>
#include <google/protobuf/wrappers.pb.h>

#include "recorded.hpp"

using namespace soak::series;
using google::protobuf::Arena;
using google::protobuf::StringValue;

namespace {

const Library protobuf("protobuf", google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION));

void add_message(Arena& arena) {
  auto* const message = Arena::CreateMessage<StringValue>(&arena);
  message->set_value("a text that is too long for the small string of the library");
}

}  // namespace

SOAK_SERIES(protobuf_arena_for_everything) {
  Arena arena;
  run(state, [&](std::int64_t) { add_message(arena); });
}

SOAK_SERIES(protobuf_arena_reset_now_and_then) {
  Arena arena;
  run(state, [&](std::int64_t i) {
    add_message(arena);
    if (i % 300 == 299) arena.Reset();
  });
}

SOAK_SERIES(protobuf_message_reused) {
  StringValue message;
  run(state, [&](std::int64_t i) {
    message.set_value(std::string(static_cast<std::size_t>(40 + i % 60), 'x'));
    benchmark::DoNotOptimize(message.SerializeAsString());
  });
}
