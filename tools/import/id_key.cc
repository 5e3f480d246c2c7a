#include "tools/import/id_key.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/sha256.h"

namespace payfold {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kIdDigits = 12;

absl::Status WriteError(const std::string& path) {
  return absl::UnavailableError(
      absl::StrCat("cannot write the import key ", path, ": ", std::strerror(errno)));
}

absl::StatusOr<std::string> CreateKey(const std::string& path) {
  std::string key(kKeyBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) != 1) {
    return absl::UnavailableError("the system gives no random bytes for an import key");
  }
  const std::string text = ToHex(key) + "\n";
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return WriteError(path);
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fsync(file) == 0;
  if (!written) {
    const absl::Status status = WriteError(path);
    close(file);
    unlink(path.c_str());
    return status;
  }
  close(file);
  return key;
}

}  // namespace

std::string ParticipantIdOf(absl::string_view key, absl::string_view name) {
  return absl::StrCat("p-", ToHex(HmacSha256(key, name)).substr(0, kIdDigits));
}

absl::StatusOr<std::string> LoadOrCreateIdKey(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (errno == ENOENT) return CreateKey(path);
    return absl::UnavailableError(
        absl::StrCat("cannot read the import key ", path, ": ", std::strerror(errno)));
  }
  std::ostringstream text;
  text << file.rdbuf();
  absl::StatusOr<std::string> key = FromHex(absl::StripAsciiWhitespace(text.str()));
  if (!key.ok() || key->size() != kKeyBytes) {
    return absl::FailedPreconditionError(
        absl::StrCat(path,
                     " is no import key (64 hexadecimal digits); restore it, or remove it "
                     "and have everybody imported under new ids"));
  }
  return *key;
}

}  // namespace payfold
