#include "ledger/log/database_options.h"

#include <memory>

#include "ledger/log/hash_memtable.h"
#include "ledger/log/no_logger.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/table.h"

namespace payfold {
namespace {

// Bounds what an open after a crash reads again, and with it the time it takes.
constexpr uint64_t kMaxTotalWalBytes = uint64_t{128} << 20;
constexpr size_t kWriteBufferBytes = size_t{32} << 20;
constexpr int kFilterBitsPerKey = 12;
constexpr size_t kIndexBlockBytes = size_t{8} << 10;
constexpr size_t kSequenceBlockBytes = size_t{32} << 10;

constexpr size_t kTableBytes = 1;  // Of what is derived: how its keys begin.
constexpr size_t kTermBytes = 4;   // Of a posting's key: the participant or the kind.

// Has a new entry looked for from the last one whose first `bytes` are the same, not from
// the top: groups and folds write in order of key. A family with such hints must not be
// told to DeleteRange (RocksDB's issue 5118).
void HintBy(size_t bytes, rocksdb::ColumnFamilyOptions* options) {
  options->memtable_insert_with_hint_prefix_extractor.reset(
      rocksdb::NewFixedPrefixTransform(bytes));
}

}  // namespace

rocksdb::DBOptions LogDbOptions(rocksdb::Env* env, bool create) {
  rocksdb::DBOptions options;
  options.env = env;
  options.create_if_missing = create;
  options.error_if_exists = create;
  options.create_missing_column_families = create;
  options.max_total_wal_size = kMaxTotalWalBytes;
  options.max_background_jobs = 2;
  // Our writes come one at a time, and the hash memtables count on it.
  options.allow_concurrent_memtable_write = false;
  options.bytes_per_sync = size_t{1} << 20;
  // Opening must not depend on the number of files: with a limit, few are opened
  // before they are read.
  options.max_open_files = 1024;
  options.skip_stats_update_on_db_open = true;
  options.skip_checking_sst_file_sizes_on_db_open = true;
  options.avoid_flush_during_recovery = true;
  // The write-ahead log counts up to the first record that is not whole: what was
  // not synced when the power went.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // So that a check of the files finds any byte that changed.
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  options.info_log = NoLogger();
  return options;
}

FamilyOptions::FamilyOptions(size_t block_cache_bytes)
    : cache_(rocksdb::NewLRUCache(block_cache_bytes)) {}

rocksdb::ColumnFamilyOptions FamilyOptions::Derived() const {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache_;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kLZ4Compression;
  HintBy(kTableBytes, &options);
  return options;
}

rocksdb::ColumnFamilyOptions FamilyOptions::Index(rocksdb::BlockBasedTableOptions table) const {
  rocksdb::ColumnFamilyOptions options;
  table.block_cache = cache_;
  table.block_size = kIndexBlockBytes;
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = kWriteBufferBytes;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  options.level_compaction_dynamic_level_bytes = true;
  return options;
}

rocksdb::ColumnFamilyOptions FamilyOptions::LookedUp() const {
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
  rocksdb::ColumnFamilyOptions options = Index(table);
  options.memtable_factory = NewHashMemtableFactory();
  return options;
}

rocksdb::ColumnFamilyOptions FamilyOptions::Walked(size_t hinted_bytes) const {
  rocksdb::ColumnFamilyOptions options = Index({});
  HintBy(hinted_bytes, &options);
  return options;
}

rocksdb::ColumnFamilyOptions FamilyOptions::Sequence() const {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache_;
  table.block_size = kSequenceBlockBytes;
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = kWriteBufferBytes;
  options.compression = rocksdb::kZSTD;
  options.level_compaction_dynamic_level_bytes = true;
  return options;
}

rocksdb::ColumnFamilyOptions FamilyOptions::For(Family family) const {
  switch (family) {
    case Family::kBlocks:
    case Family::kStreamNames:
    case Family::kParticipantIds:
      return Sequence();
    case Family::kLeafHashes:
    case Family::kSubtreeRoots: {
      rocksdb::ColumnFamilyOptions options = Sequence();
      options.compression = rocksdb::kNoCompression;  // Hashes do not compress.
      return options;
    }
    case Family::kEventIds: {
      rocksdb::ColumnFamilyOptions options = LookedUp();
      // Digests, both key and value.
      options.compression = rocksdb::kNoCompression;
      options.bottommost_compression = rocksdb::kNoCompression;
      return options;
    }
    case Family::kStreams:
    case Family::kParticipants:
      return LookedUp();
    case Family::kParticipantBlocks:
    case Family::kKindBlocks:
      return Walked(kTermBytes);
    default:
      return Walked(0);
  }
}

rocksdb::Status CreateDirectories(rocksdb::Env* env, const std::string& directory) {
  for (size_t end = directory.find('/', 1); end != std::string::npos;
       end = directory.find('/', end + 1)) {
    rocksdb::Status status = env->CreateDirIfMissing(directory.substr(0, end));
    if (!status.ok()) return status;
  }
  return env->CreateDirIfMissing(directory);
}

}  // namespace payfold
