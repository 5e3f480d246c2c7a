#include "ledger/admission/key_ring.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/admission/files.h"
#include "ledger/base/aead.h"
#include "ledger/base/ed25519.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/no_logger.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/options.h"
#include "rocksdb/write_batch.h"

namespace payfold {
namespace {

// Keys of the database.
constexpr char kDigestKey[] = "ledger/digest";
constexpr char kSigningSeed[] = "ledger/signing";
constexpr char kOrigin[] = "ledger/origin";
constexpr absl::string_view kSubjectPrefix = "subject/";
constexpr absl::string_view kPendingPrefix = "pending/";

constexpr size_t kDigestKeyBytes = 32;

std::string SubjectKey(absl::string_view subject) { return absl::StrCat(kSubjectPrefix, subject); }
std::string PendingKey(absl::string_view event_id) {
  return absl::StrCat(kPendingPrefix, event_id);
}

absl::Status FromRocks(const rocksdb::Status& status) {
  return FromFileStatus(status, "the key ring");
}

rocksdb::WriteOptions Synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

// Small values that must vanish when they are deleted: nothing compressed, no
// file kept longer than needed.
rocksdb::Options DatabaseOptions(rocksdb::Env* env, bool create) {
  rocksdb::Options options;
  options.env = env;
  options.create_if_missing = create;
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = size_t{4} << 20;
  options.info_log = NoLogger();
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<KeyRing>> KeyRing::OpenDatabase(const std::string& directory,
                                                               rocksdb::Env* env,
                                                               RandomSource random, bool create) {
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(FromRocks(rocksdb::DB::Open(DatabaseOptions(env, create), directory, &db)));
  return std::unique_ptr<KeyRing>(new KeyRing(std::unique_ptr<rocksdb::DB>(db), std::move(random)));
}

absl::StatusOr<std::unique_ptr<KeyRing>> KeyRing::Create(const std::string& directory,
                                                         rocksdb::Env* env, RandomSource random,
                                                         absl::string_view origin) {
  ASSIGN_OR_RETURN(std::unique_ptr<KeyRing> ring,
                   OpenDatabase(directory, env, std::move(random), true));
  const std::pair<const char*, std::string> kSecrets[] = {
      {kDigestKey, ring->random_(kDigestKeyBytes)},
      {kSigningSeed, ring->random_(kEd25519KeyBytes)},
      {kOrigin, std::string(origin)},
  };
  rocksdb::WriteBatch batch;
  for (const auto& secret : kSecrets) {
    ASSIGN_OR_RETURN(const std::optional<std::string> known, ring->Get(secret.first));
    if (!known.has_value()) batch.Put(secret.first, secret.second);
  }
  RETURN_IF_ERROR(FromRocks(ring->db_->Write(Synced(), &batch)));
  RETURN_IF_ERROR(ring->Load());
  return ring;
}

absl::StatusOr<std::unique_ptr<KeyRing>> KeyRing::Open(const std::string& directory,
                                                       rocksdb::Env* env, RandomSource random) {
  if (!env->FileExists(directory + "/CURRENT").ok()) {
    return absl::NotFoundError(
        absl::StrCat("there are no keys in ", directory,
                     ": put back the directory of keys that was saved apart from the backups"));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<KeyRing> ring,
                   OpenDatabase(directory, env, std::move(random), false));
  RETURN_IF_ERROR(ring->Load());
  return ring;
}

absl::Status KeyRing::Load() {
  const std::pair<const char*, std::string*> kSecrets[] = {
      {kDigestKey, &digest_key_}, {kSigningSeed, &signing_seed_}, {kOrigin, &origin_}};
  for (const auto& secret : kSecrets) {
    ASSIGN_OR_RETURN(std::optional<std::string> value, Get(secret.first));
    if (!value.has_value()) {
      return absl::DataLossError(
          absl::StrCat("the key ring has no ", secret.first, ": it is not whole"));
    }
    *secret.second = *std::move(value);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> KeyRing::Get(const std::string& key) const {
  std::string value;
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), key, &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  RETURN_IF_ERROR(FromRocks(status));
  return std::optional<std::string>(std::move(value));
}

absl::Status KeyRing::Ensure(absl::Span<const std::string> subjects) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<absl::string_view> distinct(subjects.begin(), subjects.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  rocksdb::WriteBatch batch;
  for (const absl::string_view subject : distinct) {
    const std::string key = SubjectKey(subject);
    ASSIGN_OR_RETURN(const std::optional<std::string> known, Get(key));
    if (!known.has_value()) batch.Put(key, random_(kAeadKeyBytes));
  }
  if (batch.Count() == 0) return absl::OkStatus();
  return FromRocks(db_->Write(Synced(), &batch));
}

absl::StatusOr<std::optional<std::string>> KeyRing::FindKey(absl::string_view subject) const {
  return Get(SubjectKey(subject));
}

absl::Status KeyRing::Destroy(absl::string_view subject) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string key = SubjectKey(subject);
  RETURN_IF_ERROR(FromRocks(db_->Delete(Synced(), key)));
  // The value leaves the memtable and its write-ahead log by the flush, and the
  // tables by the compaction.
  RETURN_IF_ERROR(FromRocks(db_->Flush(rocksdb::FlushOptions())));
  rocksdb::CompactRangeOptions compact;
  compact.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  return FromRocks(db_->CompactRange(compact, nullptr, nullptr));
}

absl::Status KeyRing::CopyTo(const std::string& directory) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  rocksdb::DB* db = nullptr;
  rocksdb::Options options = DatabaseOptions(db_->GetEnv(), /*create=*/true);
  options.error_if_exists = true;
  RETURN_IF_ERROR(FromRocks(rocksdb::DB::Open(options, directory, &db)));
  const std::unique_ptr<rocksdb::DB> copy(db);
  rocksdb::WriteBatch batch;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
  for (it->SeekToFirst(); it->Valid(); it->Next()) batch.Put(it->key(), it->value());
  RETURN_IF_ERROR(FromRocks(it->status()));
  return FromRocks(copy->Write(Synced(), &batch));
}

absl::Status KeyRing::AddPending(absl::Span<const PendingErasure> erasures) {
  rocksdb::WriteBatch batch;
  for (const PendingErasure& erasure : erasures) {
    batch.Put(PendingKey(erasure.event_id), erasure.subject);
  }
  return FromRocks(db_->Write(Synced(), &batch));
}

absl::Status KeyRing::RemovePending(absl::Span<const PendingErasure> erasures) {
  rocksdb::WriteBatch batch;
  for (const PendingErasure& erasure : erasures) batch.Delete(PendingKey(erasure.event_id));
  return FromRocks(db_->Write(Synced(), &batch));
}

absl::StatusOr<std::vector<KeyRing::PendingErasure>> KeyRing::ListPending() const {
  std::vector<PendingErasure> pending;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
  const std::string prefix(kPendingPrefix);
  for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix); it->Next()) {
    pending.push_back({.subject = it->value().ToString(),
                       .event_id = it->key().ToString().substr(prefix.size())});
  }
  RETURN_IF_ERROR(FromRocks(it->status()));
  return pending;
}

}  // namespace payfold
