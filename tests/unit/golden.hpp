// Golden files hold the wording of what people read, so that all other assertions may be about kinds, values and
// places.
#pragma once

#include <initializer_list>
#include <string_view>

namespace soak {

/// Expects the wording `text` in tests/golden/unit-messages/ROOM.txt, ROOM being the folder of the calling test, in
/// the section "TEST: name" ("TEST" without a name, "TEST, no. 2" for the second of a name). If SOAK_UPDATE_GOLDENS
/// is set in the environment, writes the section instead; tools/update-goldens does this for all of them.
void expect_wording(std::string_view name, std::string_view text, const char* file = __builtin_FILE());

/// Expects a message to name all these values, and to have the wording of its section; see expect_wording().
void expect_message(std::string_view message, std::initializer_list<std::string_view> values,
                    std::string_view name = "", const char* file = __builtin_FILE());

/// Expects `text` to be the whole content of tests/golden/NAME, or writes it, likewise.
void expect_golden_file(std::string_view name, std::string_view text);

}  // namespace soak
