// The key that turns names into participant ids.
//
// An import knows people by name, and identifiers must not be personal data.
// The id of a name is "p-" and the first 12 hexadecimal digits of
// HMAC-SHA256(key, name): the same in every import under one key, and meaningless
// to whoever has the log but not the key. Keep the key with the ledger's data
// and out of backups of the log; without it a later import gives the same people
// new ids.

#ifndef TOOLS_IMPORT_ID_KEY_H_
#define TOOLS_IMPORT_ID_KEY_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace payfold {

// "p-0a1b2c3d4e5f". Names are compared byte for byte.
std::string ParticipantIdOf(absl::string_view key, absl::string_view name);

// The key in the file at `path` (64 hexadecimal digits). A file that does not
// exist is made, readable by its owner alone, with 32 random bytes, synced.
// Errors: kFailedPrecondition for a file that holds something else; kUnavailable
// if it cannot be read or written.
absl::StatusOr<std::string> LoadOrCreateIdKey(const std::string& path);

}  // namespace payfold

#endif  // TOOLS_IMPORT_ID_KEY_H_
