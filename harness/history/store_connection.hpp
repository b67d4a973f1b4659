// A connection to the database of a store.
#pragma once

#include <soci/soci.h>

#include <string>

#include "history/store.hpp"

namespace soak::history {

/// Throws StoreError with what the database says and what to do about it.
[[noreturn]] void rethrow_as_store_error(const soci::soci_error& error, const std::string& shown);

/// Opens what `address` names. A file that is not there is a UserError for a reader, and made for a writer.
void open_session(soci::session& session, const std::string& address, Access access);

}  // namespace soak::history
