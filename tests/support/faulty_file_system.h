// A file system whose power goes and whose disk fills up when a test says so.
//
//   auto disk = std::make_shared<FaultyFileSystem>(env->GetFileSystem(), seed);
//   std::unique_ptr<rocksdb::Env> faulty = NewFaultyEnv(disk);
//   disk->CutPowerAfter(100);
//   …write until it fails, close everything…
//   disk->RestorePower();  // What was not synced is gone.
//
// An operation is whatever changes the disk: an append, a sync, the creation,
// linking, renaming or deletion of a file. When the power is off, every operation fails
// and nothing changes. Unsynced data is lost as on a real disk: a random part of
// it, from the end of a file; a file whose directory was not synced after its
// creation may be lost as a whole. Renaming and deleting last at once.
//
// Safe to use from any thread.

#ifndef TESTS_SUPPORT_FAULTY_FILE_SYSTEM_H_
#define TESTS_SUPPORT_FAULTY_FILE_SYSTEM_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>

#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace payfold_testing {

class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FaultyFileSystem(const std::shared_ptr<rocksdb::FileSystem>& base, uint64_t seed)
      : FileSystemWrapper(base), random_(seed) {}

  const char* Name() const override { return "FaultyFileSystem"; }

  // The operation with that number from now on (1: the next) is the first that
  // finds the power off.
  void CutPowerAfter(uint64_t operations);
  bool power_is_off() const;

  // Loses what was not synced, and lets operations succeed again. REQUIRES:
  // nothing is open.
  void RestorePower();

  // From that operation on, appending and creating fail for lack of space; of
  // the first append that fails, a random part, but not all, gets written.
  void FillDiskAfter(uint64_t operations);
  bool disk_is_full() const;
  void MakeRoom();

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;

 private:
  friend class FaultyFile;
  friend class FaultyDirectory;

  static constexpr uint64_t kNever = ~uint64_t{0};

  // What is known of a file that has something to lose.
  struct Unsynced {
    uint64_t written = 0;
    uint64_t synced = 0;
    bool entry_synced = false;  // In its directory.
  };

  // Counts an operation. Fails when the power is off, and, for those that take
  // space, when the disk is full.
  rocksdb::IOStatus Begin(bool takes_space);
  void LoseUnsynced(const std::string& path, const Unsynced& file);

  mutable std::mutex mutex_;  // Guards all below.
  std::mt19937_64 random_;
  uint64_t operations_ = 0;
  uint64_t power_off_at_ = kNever;
  uint64_t full_at_ = kNever;
  std::map<std::string, Unsynced> files_;
};

// An environment with that disk, in which RocksDB does not sleep for a second
// after each background job that failed.
std::unique_ptr<rocksdb::Env> NewFaultyEnv(const std::shared_ptr<FaultyFileSystem>& disk);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_FAULTY_FILE_SYSTEM_H_
