// SHA-256 digests, their HMAC, and the texts of bytes (hexadecimal, base64).
//
//   Sha256Digest leaf = Sha256("abc");
//   ToHex(leaf);  // "ba7816bf…f20015ad"
//
// Source: FIPS 180-4; RFC 2104 (HMAC); RFC 4648 (base64).

#ifndef LEDGER_BASE_SHA256_H_
#define LEDGER_BASE_SHA256_H_

#include <openssl/sha.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace payfold {

using Sha256Digest = std::array<uint8_t, 32>;

Sha256Digest Sha256(absl::string_view data);

// The digest of a concatenation, piece by piece. A copy continues on its own.
// Not safe for use by several threads at once.
class Sha256Hasher {
 public:
  Sha256Hasher();
  void Update(absl::string_view data);
  void Update(const Sha256Digest& digest);
  // The digest of all so far; the hasher then starts anew.
  Sha256Digest Finish();

 private:
  SHA256_CTX context_;
};

Sha256Digest HmacSha256(absl::string_view key, absl::string_view data);

// The 32 bytes of a digest, as long as it lives.
inline absl::string_view AsBytes(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
// Errors: kInvalidArgument unless `bytes` has 32 bytes.
absl::StatusOr<Sha256Digest> DigestFromBytes(absl::string_view bytes);

// Lower-case hexadecimal, two digits a byte.
std::string ToHex(absl::string_view bytes);
inline std::string ToHex(const Sha256Digest& digest) { return ToHex(AsBytes(digest)); }
// Upper case is read too. Errors: kInvalidArgument for an odd length or another character.
absl::StatusOr<std::string> FromHex(absl::string_view text);

// Standard base64 with padding.
std::string ToBase64(absl::string_view bytes);
inline std::string ToBase64(const Sha256Digest& digest) { return ToBase64(AsBytes(digest)); }
// Errors: kInvalidArgument for what is not base64.
absl::StatusOr<std::string> FromBase64(absl::string_view text);

}  // namespace payfold

#endif  // LEDGER_BASE_SHA256_H_
