// Proofs as text files that verify offline, against a tree head alone.
//
// Inclusion of an event is a C2SP tlog-proof (https://c2sp.org/tlog-proof):
//
//   c2sp.org/tlog-proof@v1
//   extra <base64 of the event's stored bytes>        (may be left out)
//   index 11
//   <base64 of a hash, from the leaf's sibling up>    (none or more)
//   <empty line>
//   <the signed tree head, as tree_head.h has it>
//
// For consistency of two tree heads C2SP names no file; what a log sends to a
// witness (https://c2sp.org/tlog-witness, add-checkpoint) is the form:
//
//   old 40
//   <base64 of a hash>                                (none or more)
//   <empty line>
//   <the newer signed tree head>
//
// Pure.

#ifndef LEDGER_LOG_PROOF_FILE_H_
#define LEDGER_LOG_PROOF_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/base/sha256.h"

namespace payfold {

struct InclusionProofFile {
  uint64_t position = 0;  // The index in the file is one less.
  // The event's stored bytes. Not to be trusted before the proof is verified
  // with them.
  std::optional<std::string> event;
  std::vector<Sha256Digest> hashes;
  std::string tree_head;  // A signed note, not verified.
};

struct ConsistencyProofFile {
  uint64_t old_size = 0;
  std::vector<Sha256Digest> hashes;
  std::string tree_head;  // The newer one; a signed note, not verified.
};

using ProofFile = std::variant<InclusionProofFile, ConsistencyProofFile>;

std::string FormatProofFile(const ProofFile& proof);

// Errors: kInvalidArgument, naming the line, for what is neither.
absl::StatusOr<ProofFile> ParseProofFile(absl::string_view text);

}  // namespace payfold

#endif  // LEDGER_LOG_PROOF_FILE_H_
