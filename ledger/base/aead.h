// Authenticated encryption, and random bytes.
//
// AES-256-GCM. What is sealed under one key and associated data opens only
// under both, unaltered. The associated data is not stored: it binds a field to
// its place, so that a ciphertext moved elsewhere does not open.
//
//   std::string sealed = *Seal(key, "participants/7/email", "a@b.example", RandomBytes(12));
//   Open(key, "participants/7/email", sealed);  // "a@b.example"
//
// Source: NIST SP 800-38D.

#ifndef LEDGER_BASE_AEAD_H_
#define LEDGER_BASE_AEAD_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace payfold {

constexpr size_t kAeadKeyBytes = 32;
constexpr size_t kAeadNonceBytes = 12;
constexpr size_t kAeadTagBytes = 16;

// nonce || ciphertext || tag. A nonce must never be used twice with one key.
// Errors: kInvalidArgument for a key or nonce of another length, or more than
// 1 GiB of text.
absl::StatusOr<std::string> Seal(absl::string_view key, absl::string_view associated_data,
                                 absl::string_view plaintext, absl::string_view nonce);

// Errors: kInvalidArgument as for Seal; kDataLoss if the key or the associated
// data is another, or `sealed` was altered or cut.
absl::StatusOr<std::string> Open(absl::string_view key, absl::string_view associated_data,
                                 absl::string_view sealed);

// From the system's cryptographic generator. Stops the program if there is none.
std::string RandomBytes(size_t size);

}  // namespace payfold

#endif  // LEDGER_BASE_AEAD_H_
