// How far a projection's content is folded, and in which format it is written: the
// entry before all others of its content, written in the same batch as they are.

#ifndef PROJECTIONS_RUNTIME_CHECKPOINT_H_
#define PROJECTIONS_RUNTIME_CHECKPOINT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace payfold {

// Of a projection's content and its encoding. What another version wrote is folded
// anew when it is opened.
struct ProjectionFormat {
  absl::string_view name;  // a-z and "-"; names the column families
  uint64_t version = 0;
};

inline constexpr absl::string_view kCheckpointKey{"\0", 1};
// Between the checkpoint and all other entries, and after all entries.
inline constexpr absl::string_view kFirstEntryKey{"\1", 1};
inline constexpr absl::string_view kEndOfEntries{"\xff", 1};

// Varint version, varint position.
std::string EncodeCheckpoint(uint64_t version, uint64_t position);
// Errors: kDataLoss; kFailedPrecondition if another version wrote it.
absl::StatusOr<uint64_t> ParseCheckpoint(absl::string_view value, uint64_t version);

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_CHECKPOINT_H_
