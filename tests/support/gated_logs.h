// A disk on which a test holds or fails the syncs of RocksDB's write-ahead logs.

#ifndef TESTS_SUPPORT_GATED_LOGS_H_
#define TESTS_SUPPORT_GATED_LOGS_H_

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "rocksdb/file_system.h"

namespace payfold_testing {

// What the next sync of a write-ahead log meets.
class SyncGate {
 public:
  void Hold() {
    const std::lock_guard<std::mutex> lock(mutex_);
    hold_next_ = true;
  }
  void Release() {
    const std::lock_guard<std::mutex> lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }
  // Waits until a sync is held.
  void AwaitHeld() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return held_; });
  }
  void Pass() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!std::exchange(hold_next_, false)) return;
    held_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return released_; });
  }

  std::atomic<bool> fails = false;

 private:
  std::mutex mutex_;  // Guards all below.
  std::condition_variable changed_;
  bool hold_next_ = false;
  bool held_ = false;
  bool released_ = false;
};

class GatedLog final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  GatedLog(std::unique_ptr<rocksdb::FSWritableFile> file, SyncGate* gate)
      : FSWritableFileOwnerWrapper(std::move(file)), gate_(gate) {}

  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    if (gate_->fails) return rocksdb::IOStatus::IOError("the disk is gone");
    gate_->Pass();
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }

 private:
  SyncGate* const gate_;
};

// Of the logs whose path begins with `directory`.
class GatedLogs final : public rocksdb::FileSystemWrapper {
 public:
  GatedLogs(const std::shared_ptr<rocksdb::FileSystem>& files, std::string directory,
            SyncGate* gate)
      : FileSystemWrapper(files), directory_(std::move(directory)), gate_(gate) {}
  const char* Name() const override { return "GatedLogs"; }
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(path, options, file, debug);
    if (status.ok() && absl::StartsWith(path, directory_) && absl::EndsWith(path, ".log")) {
      *file = std::make_unique<GatedLog>(std::move(*file), gate_);
    }
    return status;
  }

 private:
  const std::string directory_;
  SyncGate* const gate_;
};

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_GATED_LOGS_H_
