// The RocksDB database of a log: opened with the column families of format.h,
// and with those derived from the log that were made beside them.
//
// Thread-safe. Internal to ledger/log.

#ifndef LEDGER_LOG_DATABASE_H_
#define LEDGER_LOG_DATABASE_H_

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/log/database_options.h"
#include "ledger/log/format.h"
#include "ledger/log/sync_beside.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/slice.h"
#include "rocksdb/status.h"
#include "rocksdb/write_batch.h"

namespace payfold {

inline rocksdb::Slice ToSlice(absl::string_view bytes) { return {bytes.data(), bytes.size()}; }
inline absl::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

// What a status of RocksDB means to us, with what to do about it: kDataLoss for
// corruption, kResourceExhausted for a full disk, kUnavailable for other faults.
absl::Status FromRocks(const rocksdb::Status& status, absl::string_view doing);

// Files that SstFileWriter has written, in order of their keys.
struct LoadedFiles {
  std::vector<std::string> paths;
  std::vector<std::string> checksums;
  std::vector<std::string> checksum_functions;
};

class LogDatabase {
 public:
  struct Options {
    std::string directory;
    rocksdb::Env* env;
    size_t block_cache_bytes;
  };

  // Makes a database with one record, so that no half of one can be opened.
  // Errors: as EventLog::Create().
  static absl::StatusOr<std::unique_ptr<LogDatabase>> Create(const Options& options,
                                                             const std::string& verifier_key);

  // Errors: as EventLog::Open().
  static absl::StatusOr<std::unique_ptr<LogDatabase>> Open(const Options& options,
                                                           const std::string& verifier_key);

  // Opens a database to be looked at, however damaged it is: nothing is written
  // (but the lock is taken), nothing is recovered, and what cannot be read says so
  // when it is read. Of a damaged write-ahead log, damage() says so, the damaged
  // records are left out.
  // Errors: kNotFound, kUnavailable as Open(); kDataLoss if the database's own
  // list of its files cannot be read, or misses a column family.
  static absl::StatusOr<std::unique_ptr<LogDatabase>> Inspect(const Options& options);

  // Whose log it is and where it ends, of a database that nobody has open or of a
  // copy's files in another environment. Writes nothing.
  struct Identity {
    std::string verifier_key;
    LogHead head;
  };
  static absl::StatusOr<Identity> ReadIdentity(rocksdb::Env* env, const std::string& directory);

  // Makes a ledger of a whole copy of one's files.
  static absl::Status Adopt(const Options& options);

  // Gives a log another key to sign with, whose own is lost. The kept tree heads go:
  // the new key does not verify them. Errors: as Open().
  static absl::Status ChangeSigner(const Options& options, const std::string& from,
                                   const std::string& to);

  ~LogDatabase();
  LogDatabase(const LogDatabase&) = delete;
  LogDatabase& operator=(const LogDatabase&) = delete;

  rocksdb::DB* rocks() const { return db_.get(); }

  // What Inspect() found wrong with the write-ahead log; empty if nothing.
  const std::string& damage() const { return damage_; }

  rocksdb::ColumnFamilyHandle* family(Family family) const {
    return families_[static_cast<size_t>(family)];
  }

  // Whether the key is there; `*value` is its value then.
  absl::StatusOr<bool> Find(Family family, absl::string_view key,
                            rocksdb::PinnableSlice* value) const;

  // An iterator for walking far (it reads ahead by itself) or for jumping.
  std::unique_ptr<rocksdb::Iterator> NewIterator(Family family) const {
    return Iterate(family, /*fill_cache=*/true);
  }
  // One for walking through it all, once: what it reads does not push out of the cache
  // what others read often.
  std::unique_ptr<rocksdb::Iterator> NewScan(Family family) const {
    return Iterate(family, /*fill_cache=*/false);
  }

  absl::StatusOr<LogHead> ReadHead() const;

  // Writes a batch; synced, it is on disk when this returns OK. Everything that
  // writes goes through here: once a write has failed, RocksDB must not be asked
  // to write again (it stops the program), so every later write fails, with the
  // code of the first error, until the ledger is opened again.
  absl::Status Write(rocksdb::WriteBatch* batch, bool sync);

  // As Write(), synced, but a large batch may be read before it is on the disk, and, if
  // that fails, although it is not.
  absl::Status WriteBeside(rocksdb::WriteBatch* batch);

  // Takes in files of a family's entries, whole or not at all, durably. A failure is
  // one of Write().
  absl::Status TakeIn(const LoadedFiles& files, rocksdb::ColumnFamilyHandle* family);

  // Waits for the write that is under way. OK, or why nothing is written any more.
  absl::Status WriteStatus() const;

  // As the methods of EventLog with the same names.
  absl::StatusOr<rocksdb::ColumnFamilyHandle*> OpenDerived(absl::string_view name);
  absl::Status DropDerived(absl::string_view name);
  std::vector<std::string> ListDerived() const;

 private:
  explicit LogDatabase(size_t block_cache_bytes) : family_options_(block_cache_bytes) {}

  std::unique_ptr<rocksdb::Iterator> Iterate(Family family, bool fill_cache) const;
  // One write at a time. Of the first that fails it keeps why nothing is written any more.
  absl::Status WriteUnlessFaulty(absl::FunctionRef<rocksdb::Status()> write);
  absl::Status Lock(const Options& options);
  absl::Status OpenRocks(const Options& options, bool create);
  absl::Status InspectRocks(const Options& options);
  void TakeHandles(const std::vector<rocksdb::ColumnFamilyDescriptor>& descriptors,
                   const std::vector<rocksdb::ColumnFamilyHandle*>& handles);
  absl::Status CheckIdentity(const std::string& verifier_key) const;

  FamilyOptions family_options_;  // One cache for all families.
  rocksdb::Env* env_ = nullptr;
  rocksdb::FileLock* lock_ = nullptr;
  bool read_only_ = false;
  std::string damage_;
  std::unique_ptr<SyncBeside> sync_beside_;  // Of a database that is written to.
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilyCount> families_ = {};
  rocksdb::ColumnFamilyHandle* default_family_ = nullptr;
  mutable std::mutex write_mutex_;  // One write at a time; guards fault_.
  absl::Status fault_;
  mutable std::mutex mutex_;  // Guards derived_.
  std::map<std::string, rocksdb::ColumnFamilyHandle*, std::less<>> derived_;
};

}  // namespace payfold

#endif  // LEDGER_LOG_DATABASE_H_
