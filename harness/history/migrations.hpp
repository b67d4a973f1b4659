// The schema of the store, as numbered steps from an empty database.
#pragma once

#include <soci/soci.h>

#include <string>

namespace soak::history {

/// What this soak reads and writes.
[[nodiscard]] int newest_schema();

/// 0: there is none yet.
[[nodiscard]] int schema_of(soci::session& session);

/// Makes every step that is missing, in one transaction; of several that try at once one does it. `name` is for the
/// StoreError where the schema is newer, or where the file holds something else.
void migrate(soci::session& session, const std::string& name);

/// Throws StoreError unless it is the newest.
void require_newest_schema(soci::session& session, const std::string& name);

}  // namespace soak::history
