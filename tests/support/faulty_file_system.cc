#include "tests/support/faulty_file_system.h"

#include <algorithm>
#include <utility>

#include "ledger/base/check.h"
#include "rocksdb/slice.h"
#include "rocksdb/system_clock.h"

namespace payfold_testing {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// Writes through to the base at once, and remembers what a sync has made safe.
class FaultyFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(std::unique_ptr<rocksdb::FSWritableFile> base, std::string path,
             FaultyFileSystem* disk)
      : FSWritableFileOwnerWrapper(std::move(base)), path_(std::move(path)), disk_(disk) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = disk_->Begin(/*takes_space=*/true);
    Slice written = data;
    if (!status.ok()) {
      if (!status.IsNoSpace() || failed_) return status;
      failed_ = true;
      const std::lock_guard<std::mutex> lock(disk_->mutex_);
      // Not all of it: that would be a write that did not fail.
      written = Slice(data.data(), disk_->random_() % std::max<size_t>(data.size(), 1));
    }
    const IOStatus appended = target()->Append(written, options, debug);
    if (!appended.ok()) return appended;
    const std::lock_guard<std::mutex> lock(disk_->mutex_);
    disk_->files_[path_].written += written.size();
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*verification*/,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }

  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = disk_->Begin(/*takes_space=*/false);
    if (status.ok()) status = target()->Sync(options, debug);
    if (!status.ok()) return status;
    const std::lock_guard<std::mutex> lock(disk_->mutex_);
    FaultyFileSystem::Unsynced& file = disk_->files_[path_];
    file.synced = file.written;
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }
  // A hint; makes nothing safe.
  IOStatus RangeSync(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }

 private:
  std::string path_;
  FaultyFileSystem* disk_;
  bool failed_ = false;
};

class FaultyDirectory final : public rocksdb::FSDirectoryWrapper {
 public:
  FaultyDirectory(std::unique_ptr<rocksdb::FSDirectory> base, std::string path,
                  FaultyFileSystem* disk)
      : FSDirectoryWrapper(std::move(base)), path_(std::move(path) + "/"), disk_(disk) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return SyncEntries(FSDirectoryWrapper::Fsync(options, debug));
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& directory) override {
    return SyncEntries(FSDirectoryWrapper::FsyncWithDirOptions(options, debug, directory));
  }

 private:
  IOStatus SyncEntries(IOStatus status) {
    if (status.ok()) status = disk_->Begin(/*takes_space=*/false);
    if (!status.ok()) return status;
    const std::lock_guard<std::mutex> lock(disk_->mutex_);
    for (auto& [path, file] : disk_->files_) {
      if (path.rfind('/') + 1 == path_.size() && path.compare(0, path_.size(), path_) == 0) {
        file.entry_synced = true;
      }
    }
    return status;
  }

  std::string path_;  // With a slash at the end.
  FaultyFileSystem* disk_;
};

IOStatus FaultyFileSystem::Begin(bool takes_space) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++operations_;
  if (operations_ >= power_off_at_) return IOStatus::IOError("the power is off");
  if (takes_space && operations_ >= full_at_) return IOStatus::NoSpace("the disk is full");
  return IOStatus::OK();
}

void FaultyFileSystem::CutPowerAfter(uint64_t operations) {
  const std::lock_guard<std::mutex> lock(mutex_);
  power_off_at_ = operations_ + operations;
}

bool FaultyFileSystem::power_is_off() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return operations_ >= power_off_at_;
}

void FaultyFileSystem::FillDiskAfter(uint64_t operations) {
  const std::lock_guard<std::mutex> lock(mutex_);
  full_at_ = operations_ + operations;
}

bool FaultyFileSystem::disk_is_full() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return operations_ >= full_at_;
}

void FaultyFileSystem::MakeRoom() {
  const std::lock_guard<std::mutex> lock(mutex_);
  full_at_ = kNever;
}

void FaultyFileSystem::RestorePower() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [path, file] : files_) LoseUnsynced(path, file);
  files_.clear();
  power_off_at_ = kNever;
}

void FaultyFileSystem::LoseUnsynced(const std::string& path, const Unsynced& file) {
  if (file.entry_synced && file.synced == file.written) return;
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(target_);
  if (!file.entry_synced && random_() % 2 == 0) {
    CHECK(env->DeleteFile(path).ok());
    return;
  }
  std::string contents;
  CHECK(rocksdb::ReadFileToString(env.get(), path, &contents).ok());
  contents.resize(file.synced + random_() % (file.written - file.synced + 1));
  CHECK(rocksdb::WriteStringToFile(env.get(), contents, path).ok());
}

IOStatus FaultyFileSystem::NewWritableFile(const std::string& path,
                                           const rocksdb::FileOptions& options,
                                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                                           IODebugContext* debug) {
  IOStatus status = Begin(/*takes_space=*/true);
  if (status.ok()) status = target()->NewWritableFile(path, options, file, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<FaultyFile>(std::move(*file), path, this);
  const std::lock_guard<std::mutex> lock(mutex_);
  files_[path] = Unsynced();
  return status;
}

IOStatus FaultyFileSystem::NewDirectory(const std::string& path, const IOOptions& options,
                                        std::unique_ptr<rocksdb::FSDirectory>* directory,
                                        IODebugContext* debug) {
  const IOStatus status = target()->NewDirectory(path, options, directory, debug);
  if (status.ok()) {
    *directory = std::make_unique<FaultyDirectory>(std::move(*directory), path, this);
  }
  return status;
}

IOStatus FaultyFileSystem::DeleteFile(const std::string& path, const IOOptions& options,
                                      IODebugContext* debug) {
  IOStatus status = Begin(/*takes_space=*/false);
  if (status.ok()) status = target()->DeleteFile(path, options, debug);
  if (!status.ok()) return status;
  const std::lock_guard<std::mutex> lock(mutex_);
  files_.erase(path);
  return status;
}

IOStatus FaultyFileSystem::RenameFile(const std::string& from, const std::string& to,
                                      const IOOptions& options, IODebugContext* debug) {
  IOStatus status = Begin(/*takes_space=*/false);
  if (status.ok()) status = target()->RenameFile(from, to, options, debug);
  if (!status.ok()) return status;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (auto found = files_.find(from); found != files_.end()) {
    Unsynced moved = found->second;
    moved.entry_synced = true;
    files_.erase(found);
    files_[to] = moved;
  }
  return status;
}

IOStatus FaultyFileSystem::LinkFile(const std::string& from, const std::string& to,
                                    const IOOptions& options, IODebugContext* debug) {
  IOStatus status = Begin(/*takes_space=*/true);
  if (status.ok()) status = target()->LinkFile(from, to, options, debug);
  if (!status.ok()) return status;
  const std::lock_guard<std::mutex> lock(mutex_);
  Unsynced linked;
  if (auto found = files_.find(from); found != files_.end()) linked = found->second;
  linked.entry_synced = false;
  files_[to] = linked;
  return status;
}

namespace {

class ImpatientClock final : public rocksdb::SystemClockWrapper {
 public:
  using SystemClockWrapper::SystemClockWrapper;
  const char* Name() const override { return "ImpatientClock"; }
  void SleepForMicroseconds(int micros) override {
    target_->SleepForMicroseconds(std::min(micros, 1000));
  }
};

class FaultyEnv final : public rocksdb::EnvWrapper {
 public:
  explicit FaultyEnv(const std::shared_ptr<FaultyFileSystem>& disk)
      : EnvWrapper(rocksdb::NewCompositeEnv(disk)) {
    file_system_ = disk;
    system_clock_ = std::make_shared<ImpatientClock>(rocksdb::SystemClock::Default());
  }
};

}  // namespace

std::unique_ptr<rocksdb::Env> NewFaultyEnv(const std::shared_ptr<FaultyFileSystem>& disk) {
  return std::make_unique<FaultyEnv>(disk);
}

}  // namespace payfold_testing
