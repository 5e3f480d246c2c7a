// Tree heads: the log's signed commitments to all it holds. The wire form is a
// C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint) in a signed note
// (https://c2sp.org/signed-note) with an Ed25519 signature:
//
//   payfold.example/acme
//   1234
//   <base64 of the root>
//   <empty line>
//   — payfold.example/acme <base64 of key id and signature>
//
// The name of the key is the origin. Pure.

#ifndef LEDGER_LOG_TREE_HEAD_H_
#define LEDGER_LOG_TREE_HEAD_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/base/ed25519.h"
#include "ledger/base/sha256.h"

namespace payfold {

struct TreeHead {
  uint64_t size = 0;
  Sha256Digest root = {};
  int64_t signed_at_micros = 0;  // Kept beside the note, not signed.
  std::string note;              // The signed note, as it is published.
};

// Errors: kInvalidArgument unless the origin is 1 to 255 printable ASCII
// characters without a space or a '+'.
absl::Status CheckOrigin(absl::string_view origin);

// The text that is signed: three lines.
std::string TreeHeadText(absl::string_view origin, uint64_t size, const Sha256Digest& root);

// Signs tree heads under one origin. Immutable and thread-safe.
class TreeHeadSigner {
 public:
  // Errors: kInvalidArgument for a bad origin or a seed that is not 32 bytes.
  static absl::StatusOr<TreeHeadSigner> Make(absl::string_view origin, absl::string_view seed);

  // The signed note.
  absl::StatusOr<std::string> Sign(uint64_t size, const Sha256Digest& root) const;

  const std::string& origin() const { return origin_; }

  // "<origin>+<key id>+<base64 of key>": what is given to verifiers.
  const std::string& verifier_key() const { return verifier_key_; }

 private:
  TreeHeadSigner() = default;

  std::string origin_;
  std::string seed_;
  std::string key_id_;  // 4 bytes.
  std::string verifier_key_;
};

// Errors: kInvalidArgument unless the text is the verifier key of an Ed25519 key.
absl::Status CheckVerifierKey(absl::string_view verifier_key);

// Verifies that a note is signed with a verifier key, and gives its text, which
// is a part of `note`. Signatures of other keys are ignored, as the note's
// specification wants it.
// Errors: kInvalidArgument if the note or the key is malformed; kDataLoss if the
// note has no signature of this key or a wrong one.
absl::StatusOr<absl::string_view> VerifyNote(absl::string_view note,
                                             absl::string_view verifier_key);

// Verifies a signed tree head and reads it; the time it was signed at is 0.
// Errors: those of VerifyNote(); kInvalidArgument if the text is not that of a
// tree head or has another origin than the key's name.
absl::StatusOr<TreeHead> VerifyTreeHead(absl::string_view note, absl::string_view verifier_key);

// Reads a tree head without looking at its signatures: one that is trusted for
// where it comes from, or that is verified elsewhere. Sets `*origin`, a part of
// `note`, unless it is null.
// Errors: kInvalidArgument if it is no signed note or no tree head.
absl::StatusOr<TreeHead> ReadTreeHead(absl::string_view note, absl::string_view* origin = nullptr);

}  // namespace payfold

#endif  // LEDGER_LOG_TREE_HEAD_H_
