#include "ledger/log/sync_beside.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "rocksdb/file_system.h"

namespace payfold {
namespace {

// Whether the thread is in Run().
thread_local bool goes_beside = false;

// Whether it is a log of the database, which is named by a number.
bool IsLog(absl::string_view path, absl::string_view directory) {
  return absl::ConsumePrefix(&path, directory) && absl::ConsumePrefix(&path, "/") &&
         absl::ConsumeSuffix(&path, ".log") &&
         std::all_of(path.begin(), path.end(), absl::ascii_isdigit);
}

}  // namespace

// A thread that syncs one file at a time.
class SyncBeside::Syncer {
 public:
  ~Syncer() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  void BeginThread() {
    if (!thread_.joinable()) thread_ = std::thread(&Syncer::Loop, this);
  }

  // The log that is written to: RocksDB may drop the others as soon as it takes them for
  // synced.
  void SetCurrent(const rocksdb::FSWritableFile* file) {
    const std::lock_guard<std::mutex> lock(mutex_);
    current_ = file;
  }

  // False if that file must be synced by who asks.
  bool Start(rocksdb::FSWritableFile* file, const rocksdb::IOOptions& options) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (file != current_ || syncing_ != nullptr) return false;
    syncing_ = file;
    options_ = options;
    changed_.notify_all();
    return true;
  }

  // Waits for what was started. What came of all that was, so far.
  rocksdb::IOStatus Wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return syncing_ == nullptr; });
    return failure_;
  }

 private:
  void Loop() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stopping_ || syncing_ != nullptr; });
      if (syncing_ == nullptr) return;
      lock.unlock();
      rocksdb::IOStatus status = syncing_->Sync(options_, nullptr);
      lock.lock();
      if (!status.ok() && failure_.ok()) failure_ = std::move(status);
      syncing_ = nullptr;
      changed_.notify_all();
    }
  }

  std::thread thread_;  // Of who calls Run().
  std::mutex mutex_;    // Guards all below.
  std::condition_variable changed_;
  bool stopping_ = false;
  const rocksdb::FSWritableFile* current_ = nullptr;
  // What is being synced, and how. Nobody changes it meanwhile.
  rocksdb::FSWritableFile* syncing_ = nullptr;
  rocksdb::IOOptions options_;
  rocksdb::IOStatus failure_;
};

class SyncBeside::LogFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  LogFile(std::unique_ptr<rocksdb::FSWritableFile> file, std::shared_ptr<Syncer> syncer)
      : FSWritableFileOwnerWrapper(std::move(file)), syncer_(std::move(syncer)) {}

  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    if (goes_beside && syncer_->Start(target(), options)) return rocksdb::IOStatus::OK();
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }

 private:
  const std::shared_ptr<Syncer> syncer_;
};

class SyncBeside::Files final : public rocksdb::FileSystemWrapper {
 public:
  Files(const std::shared_ptr<rocksdb::FileSystem>& files, std::string directory,
        std::shared_ptr<Syncer> syncer)
      : FileSystemWrapper(files), directory_(std::move(directory)), syncer_(std::move(syncer)) {}

  const char* Name() const override { return "payfold.sync_beside"; }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    const bool is_log = IsLog(path, directory_);
    if (is_log) {
      // Memtables may be flushed once there is a new log.
      rocksdb::IOStatus synced = syncer_->Wait();
      if (!synced.ok()) return synced;
    }
    rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(path, options, file, debug);
    if (is_log && status.ok()) {
      syncer_->SetCurrent(file->get());
      *file = std::make_unique<LogFile>(std::move(*file), syncer_);
    }
    return status;
  }

 private:
  const std::string directory_;
  const std::shared_ptr<Syncer> syncer_;
};

class SyncBeside::FilesEnv final : public rocksdb::EnvWrapper {
 public:
  FilesEnv(rocksdb::Env* env, const std::string& directory, std::shared_ptr<Syncer> syncer)
      : EnvWrapper(env) {
    file_system_ = std::make_shared<Files>(env->GetFileSystem(), directory, std::move(syncer));
    system_clock_ = env->GetSystemClock();
  }
};

SyncBeside::SyncBeside(rocksdb::Env* env, const std::string& directory)
    : syncer_(std::make_shared<Syncer>()),
      env_(std::make_unique<FilesEnv>(env, directory, syncer_)) {}

SyncBeside::~SyncBeside() = default;

rocksdb::Status SyncBeside::Run(absl::FunctionRef<rocksdb::Status()> write) {
  syncer_->BeginThread();
  goes_beside = true;
  rocksdb::Status written = write();
  goes_beside = false;
  rocksdb::Status synced = syncer_->Wait();
  return written.ok() ? synced : written;
}

}  // namespace payfold
