#include "ledger/base/ed25519.h"

#include <openssl/evp.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ledger/base/aead.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string* text) { return reinterpret_cast<unsigned char*>(text->data()); }

absl::StatusOr<Key> KeyOfSeed(absl::string_view seed) {
  if (seed.size() != kEd25519KeyBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("an Ed25519 seed has 32 bytes, not ", seed.size()));
  }
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Bytes(seed), seed.size()));
  CHECK(key != nullptr);
  return key;
}

}  // namespace

Ed25519KeyPair GenerateEd25519() {
  std::string seed = RandomBytes(kEd25519KeyBytes);
  std::string public_key = *Ed25519PublicKey(seed);
  return {std::move(seed), std::move(public_key)};
}

absl::StatusOr<std::string> Ed25519PublicKey(absl::string_view seed) {
  ASSIGN_OR_RETURN(const Key key, KeyOfSeed(seed));
  std::string public_key(kEd25519KeyBytes, '\0');
  size_t size = public_key.size();
  CHECK(EVP_PKEY_get_raw_public_key(key.get(), Bytes(&public_key), &size) == 1);
  return public_key;
}

absl::StatusOr<std::string> Ed25519Sign(absl::string_view seed, absl::string_view message) {
  ASSIGN_OR_RETURN(const Key key, KeyOfSeed(seed));
  const Context context(EVP_MD_CTX_new());
  std::string signature(kEd25519SignatureBytes, '\0');
  size_t size = signature.size();
  CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  CHECK(EVP_DigestSign(context.get(), Bytes(&signature), &size, Bytes(message), message.size()) ==
        1);
  return signature;
}

bool Ed25519Verify(absl::string_view public_key, absl::string_view message,
                   absl::string_view signature) {
  if (public_key.size() != kEd25519KeyBytes || signature.size() != kEd25519SignatureBytes) {
    return false;
  }
  const Key key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(public_key), public_key.size()));
  if (key == nullptr) return false;
  const Context context(EVP_MD_CTX_new());
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) return false;
  return EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(message),
                          message.size()) == 1;
}

}  // namespace payfold
