// The secrets of a ledger, in a RocksDB database of its own beside the log and
// out of its backups: the key of content digests, the seed of the tree heads'
// signing key, and for each subject the key that seals its personal fields.
//
// A key that Ensure() or Open() has made is on disk when they return: no event
// is ever stored whose key could be lost in a crash. A key that Destroy() has
// removed is gone from the database's files when it returns.
//
// Thread-safe.

#ifndef LEDGER_ADMISSION_KEY_RING_H_
#define LEDGER_ADMISSION_KEY_RING_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"

namespace payfold {

// Gives that many unpredictable bytes; RandomBytes (ledger/base/aead.h) but in tests.
using RandomSource = std::function<std::string(size_t)>;

// Where keys of subjects are looked up.
class KeySource {
 public:
  virtual ~KeySource() = default;
  // The subject's 32 bytes; none if there is no key (any more).
  virtual absl::StatusOr<std::optional<std::string>> FindKey(absl::string_view subject) const = 0;
};

class KeyRing final : public KeySource {
 public:
  // Makes what is missing: the database, the digest key, the signing seed, and
  // the origin if `origin` is not empty.
  // Errors: kUnavailable if the database is in use or the disk fails;
  // kDataLoss if it is damaged.
  static absl::StatusOr<std::unique_ptr<KeyRing>> Create(const std::string& directory,
                                                         rocksdb::Env* env, RandomSource random,
                                                         absl::string_view origin);
  // Errors: kNotFound if there is none; as for Create().
  static absl::StatusOr<std::unique_ptr<KeyRing>> Open(const std::string& directory,
                                                       rocksdb::Env* env, RandomSource random);

  const std::string& digest_key() const { return digest_key_; }
  const std::string& signing_seed() const { return signing_seed_; }
  // The origin of the ledger's tree heads, kept since its creation.
  const std::string& origin() const { return origin_; }

  // Makes the keys that are missing, all in one synced write.
  absl::Status Ensure(absl::Span<const std::string> subjects);

  absl::StatusOr<std::optional<std::string>> FindKey(absl::string_view subject) const override;

  // Destroys the subject's key, in the database's files too. No key: nothing to do.
  absl::Status Destroy(absl::string_view subject);

  // Writes all keys, as they are now, into a new database in a directory that does not
  // exist or is empty.
  absl::Status CopyTo(const std::string& directory) const;

  // An erasure that has begun: that subject's key goes once that event is in
  // the log. Kept over a crash.
  struct PendingErasure {
    std::string subject;
    std::string event_id;
  };
  absl::Status AddPending(absl::Span<const PendingErasure> erasures);
  absl::Status RemovePending(absl::Span<const PendingErasure> erasures);
  absl::StatusOr<std::vector<PendingErasure>> ListPending() const;

 private:
  KeyRing(std::unique_ptr<rocksdb::DB> db, RandomSource random)
      : db_(std::move(db)), random_(std::move(random)) {}
  static absl::StatusOr<std::unique_ptr<KeyRing>> OpenDatabase(const std::string& directory,
                                                               rocksdb::Env* env,
                                                               RandomSource random, bool create);
  absl::Status Load();
  absl::StatusOr<std::optional<std::string>> Get(const std::string& key) const;

  std::unique_ptr<rocksdb::DB> db_;
  RandomSource random_;
  mutable std::mutex mutex_;  // Held while keys are made, destroyed and copied.
  std::string digest_key_;
  std::string signing_seed_;
  std::string origin_;
};

}  // namespace payfold

#endif  // LEDGER_ADMISSION_KEY_RING_H_
