// Lets the write-ahead log go to the disk while a write's entries go into memtables.
//
// RocksDB syncs its log first and waits for the disk, then fills memtables, which takes
// a large batch about as long. Internal to ledger/log.

#ifndef LEDGER_LOG_SYNC_BESIDE_H_
#define LEDGER_LOG_SYNC_BESIDE_H_

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "rocksdb/env.h"
#include "rocksdb/status.h"

namespace payfold {

// Outlives the database that is opened in its environment.
class SyncBeside {
 public:
  // For the database in that directory. `env` must outlive it.
  SyncBeside(rocksdb::Env* env, const std::string& directory);
  ~SyncBeside();
  SyncBeside(const SyncBeside&) = delete;
  SyncBeside& operator=(const SyncBeside&) = delete;

  // `env`, in which the database's log is synced beside. What is in memtables reaches no
  // table before the sync is over, and never if it failed: a memtable is flushed once
  // there is a new log, and a new log waits for the sync of the one before.
  rocksdb::Env* env() const { return env_.get(); }

  // Runs a write that syncs the log, and waits for the sync: OK when the write did all
  // it should and is on the disk. Once a sync has failed it is never OK again; RocksDB
  // does not know until it needs a new log.
  // REQUIRES: nothing else writes to the database until this returns.
  rocksdb::Status Run(absl::FunctionRef<rocksdb::Status()> write);

 private:
  class Syncer;
  class LogFile;
  class Files;
  class FilesEnv;

  const std::shared_ptr<Syncer> syncer_;
  const std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace payfold

#endif  // LEDGER_LOG_SYNC_BESIDE_H_
