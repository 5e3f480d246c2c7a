#include "projections/runtime/digest.h"

#include "ledger/base/coding.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/run_parallel.h"

namespace payfold {
namespace {

constexpr size_t kBytesBetweenTurns = size_t{16} << 10;

class EntryHasher {
 public:
  absl::Status Add(absl::string_view key, absl::string_view value) {
    lengths_.clear();
    PutVarint64(&lengths_, key.size());
    PutVarint64(&lengths_, value.size());
    hasher_.Update(lengths_);
    hasher_.Update(key);
    hasher_.Update(value);
    bytes_ += key.size() + value.size();
    if (bytes_ >= kBytesBetweenTurns) {
      bytes_ = 0;
      Background::TakeTurns();
    }
    return absl::OkStatus();
  }
  std::string Finish() { return ToHex(hasher_.Finish()); }

 private:
  Sha256Hasher hasher_;
  std::string lengths_;
  size_t bytes_ = 0;
};

template <typename Tables>
absl::StatusOr<std::string> DigestOfCopy(const Tables& tables) {
  EntryHasher hasher;
  EntryWriter writer([&hasher](absl::string_view key, absl::string_view value, bool present) {
    return present ? hasher.Add(key, value) : absl::OkStatus();
  });
  RETURN_IF_ERROR(tables.CopyTo(&writer));
  return hasher.Finish();
}

}  // namespace

absl::StatusOr<std::string> DigestOf(const MemoryTables& tables) { return DigestOfCopy(tables); }

absl::StatusOr<std::string> DigestOf(const PrefixTables& tables) { return DigestOfCopy(tables); }

absl::StatusOr<std::string> DigestOf(const StoredEntries& entries) {
  EntryHasher hasher;
  RETURN_IF_ERROR(entries.ScanAll(
      [&](absl::string_view key, absl::string_view value) { return hasher.Add(key, value); }));
  return hasher.Finish();
}

absl::StatusOr<std::string> DigestOf(const FoldedContent& content) {
  EntryHasher hasher;
  RETURN_IF_ERROR(content.ForEachEntry(
      [&](absl::string_view key, absl::string_view value) { return hasher.Add(key, value); }));
  return hasher.Finish();
}

}  // namespace payfold
