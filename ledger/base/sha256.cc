#include "ledger/base/sha256.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ledger/base/quote.h"

namespace payfold {

Sha256Digest Sha256(absl::string_view data) {
  Sha256Hasher hasher;
  hasher.Update(data);
  return hasher.Finish();
}

Sha256Hasher::Sha256Hasher() { SHA256_Init(&context_); }

void Sha256Hasher::Update(absl::string_view data) {
  SHA256_Update(&context_, data.data(), data.size());
}

void Sha256Hasher::Update(const Sha256Digest& digest) {
  SHA256_Update(&context_, digest.data(), digest.size());
}

Sha256Digest Sha256Hasher::Finish() {
  Sha256Digest digest;
  SHA256_Final(digest.data(), &context_);
  SHA256_Init(&context_);
  return digest;
}

Sha256Digest HmacSha256(absl::string_view key, absl::string_view data) {
  constexpr size_t kBlockBytes = 64;
  std::array<char, kBlockBytes> inner = {};
  if (key.size() > kBlockBytes) {
    const Sha256Digest hashed = Sha256(key);
    std::copy(hashed.begin(), hashed.end(), inner.begin());
  } else {
    std::copy(key.begin(), key.end(), inner.begin());
  }
  std::array<char, kBlockBytes> outer = inner;
  for (char& byte : inner) byte = static_cast<char>(byte ^ 0x36);
  for (char& byte : outer) byte = static_cast<char>(byte ^ 0x5c);
  Sha256Hasher hasher;
  hasher.Update(absl::string_view(inner.data(), inner.size()));
  hasher.Update(data);
  const Sha256Digest digest = hasher.Finish();
  hasher.Update(absl::string_view(outer.data(), outer.size()));
  hasher.Update(digest);
  return hasher.Finish();
}

absl::StatusOr<Sha256Digest> DigestFromBytes(absl::string_view bytes) {
  Sha256Digest digest;
  if (bytes.size() != digest.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("a SHA-256 digest has 32 bytes, not ", bytes.size()));
  }
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

std::string ToHex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

absl::StatusOr<std::string> FromHex(absl::string_view text) {
  if (text.size() % 2 != 0 || !std::all_of(text.begin(), text.end(), [](char c) {
        return absl::ascii_isxdigit(static_cast<unsigned char>(c));
      })) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quote(text), " is not hexadecimal: write two of 0-9a-f for each byte"));
  }
  return absl::HexStringToBytes(text);
}

std::string ToBase64(absl::string_view bytes) { return absl::Base64Escape(bytes); }

absl::StatusOr<std::string> FromBase64(absl::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(text, &bytes)) {
    return absl::InvalidArgumentError(absl::StrCat(Quote(text), " is not base64"));
  }
  return bytes;
}

}  // namespace payfold
