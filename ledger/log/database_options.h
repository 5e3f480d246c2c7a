// How RocksDB is set up for the log, and why. Internal to ledger/log.

#ifndef LEDGER_LOG_DATABASE_OPTIONS_H_
#define LEDGER_LOG_DATABASE_OPTIONS_H_

#include <cstddef>
#include <memory>
#include <string>

#include "ledger/log/format.h"
#include "rocksdb/cache.h"
#include "rocksdb/env.h"
#include "rocksdb/options.h"
#include "rocksdb/status.h"
#include "rocksdb/table.h"

namespace payfold {

rocksdb::DBOptions LogDbOptions(rocksdb::Env* env, bool create);

// Options of column families that share one block cache.
class FamilyOptions {
 public:
  explicit FamilyOptions(size_t block_cache_bytes);

  rocksdb::ColumnFamilyOptions For(Family family) const;

  // For families derived from the log, when they are opened with it.
  rocksdb::ColumnFamilyOptions Derived() const;

 private:
  // Small entries, only looked up by key, each key written once.
  rocksdb::ColumnFamilyOptions LookedUp() const;
  // Small entries, walked in order; those whose first `hinted_bytes` are the same come in
  // order of key.
  rocksdb::ColumnFamilyOptions Walked(size_t hinted_bytes) const;
  // What both have in common.
  rocksdb::ColumnFamilyOptions Index(rocksdb::BlockBasedTableOptions table) const;
  // Large values that lie in order of position and are never overwritten.
  rocksdb::ColumnFamilyOptions Sequence() const;

  std::shared_ptr<rocksdb::Cache> cache_;
};

// Makes a directory and those it lies in.
rocksdb::Status CreateDirectories(rocksdb::Env* env, const std::string& directory);

}  // namespace payfold

#endif  // LEDGER_LOG_DATABASE_OPTIONS_H_
