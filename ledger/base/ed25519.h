// Ed25519 signatures over raw keys: 32-byte seeds and public keys, 64-byte
// signatures. Signing is deterministic.
//
// Source: RFC 8032.

#ifndef LEDGER_BASE_ED25519_H_
#define LEDGER_BASE_ED25519_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace payfold {

constexpr size_t kEd25519KeyBytes = 32;
constexpr size_t kEd25519SignatureBytes = 64;

struct Ed25519KeyPair {
  std::string seed;  // secret
  std::string public_key;
};

Ed25519KeyPair GenerateEd25519();

// Errors (both): kInvalidArgument unless `seed` has 32 bytes.
absl::StatusOr<std::string> Ed25519PublicKey(absl::string_view seed);
absl::StatusOr<std::string> Ed25519Sign(absl::string_view seed, absl::string_view message);

// False for a wrong signature, and for keys and signatures of another length.
bool Ed25519Verify(absl::string_view public_key, absl::string_view message,
                   absl::string_view signature);

}  // namespace payfold

#endif  // LEDGER_BASE_ED25519_H_
