#include "ledger/base/aead.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

constexpr size_t kMaxTextBytes = size_t{1} << 30;  // EVP counts in int.

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// Fetched once: EVP_aes_256_gcm() would look the algorithm up for every use.
const EVP_CIPHER* Cipher() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  CHECK(cipher != nullptr);
  return cipher;
}

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(char* text) { return reinterpret_cast<unsigned char*>(text); }

absl::Status CheckArguments(absl::string_view key, absl::string_view nonce,
                            absl::string_view associated_data, absl::string_view text) {
  if (key.size() != kAeadKeyBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("an encryption key has 32 bytes, not ", key.size()));
  }
  if (nonce.size() != kAeadNonceBytes) {
    return absl::InvalidArgumentError(absl::StrCat("a nonce has 12 bytes, not ", nonce.size()));
  }
  if (text.size() > kMaxTextBytes || associated_data.size() > kMaxTextBytes) {
    return absl::InvalidArgumentError("more than 1 GiB cannot be sealed at once");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> Seal(absl::string_view key, absl::string_view associated_data,
                                 absl::string_view plaintext, absl::string_view nonce) {
  RETURN_IF_ERROR(CheckArguments(key, nonce, associated_data, plaintext));
  std::string sealed(nonce);
  sealed.resize(kAeadNonceBytes + plaintext.size() + kAeadTagBytes);
  unsigned char* const text = Bytes(sealed.data() + kAeadNonceBytes);
  unsigned char* const tag = text + plaintext.size();
  const Context context(EVP_CIPHER_CTX_new());
  int written = 0;
  // None of these fails on checked arguments.
  CHECK(EVP_EncryptInit_ex2(context.get(), Cipher(), Bytes(key), Bytes(nonce), nullptr) == 1);
  CHECK(EVP_EncryptUpdate(context.get(), nullptr, &written, Bytes(associated_data),
                          static_cast<int>(associated_data.size())) == 1);
  CHECK(EVP_EncryptUpdate(context.get(), text, &written, Bytes(plaintext),
                          static_cast<int>(plaintext.size())) == 1);
  CHECK(EVP_EncryptFinal_ex(context.get(), tag, &written) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kAeadTagBytes, tag) == 1);
  return sealed;
}

absl::StatusOr<std::string> Open(absl::string_view key, absl::string_view associated_data,
                                 absl::string_view sealed) {
  if (sealed.size() < kAeadNonceBytes + kAeadTagBytes) {
    return absl::DataLossError(
        absl::StrCat("sealed bytes are cut: ", sealed.size(), " bytes, at least 28 are needed"));
  }
  const absl::string_view nonce = sealed.substr(0, kAeadNonceBytes);
  const absl::string_view body =
      sealed.substr(kAeadNonceBytes, sealed.size() - kAeadNonceBytes - kAeadTagBytes);
  std::string tag(sealed.substr(sealed.size() - kAeadTagBytes));
  RETURN_IF_ERROR(CheckArguments(key, nonce, associated_data, body));
  // One byte more, so that there is a place to point at when the text is empty.
  std::string text(body.size() + 1, '\0');
  const Context context(EVP_CIPHER_CTX_new());
  int written = 0;
  CHECK(EVP_DecryptInit_ex2(context.get(), Cipher(), Bytes(key), Bytes(nonce), nullptr) == 1);
  CHECK(EVP_DecryptUpdate(context.get(), nullptr, &written, Bytes(associated_data),
                          static_cast<int>(associated_data.size())) == 1);
  CHECK(EVP_DecryptUpdate(context.get(), Bytes(text.data()), &written, Bytes(body),
                          static_cast<int>(body.size())) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kAeadTagBytes, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(context.get(), Bytes(text.data()) + body.size(), &written) != 1) {
    return absl::DataLossError(
        "sealed bytes do not open: another key, another place, or altered bytes");
  }
  text.resize(body.size());
  return text;
}

std::string RandomBytes(size_t size) {
  CHECK(size <= kMaxTextBytes);
  std::string bytes(size, '\0');
  CHECK(RAND_bytes(Bytes(bytes.data()), static_cast<int>(size)) == 1);
  return bytes;
}

}  // namespace payfold
