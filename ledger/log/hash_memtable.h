// A memtable of RocksDB for column families that are asked for whole keys and
// hardly ever walked: a hash table. An insert costs one probe, where a skip list
// of keys in no order takes a dozen steps through memory; the entries are put in
// order once, when they are walked, which a flush does. Internal to ledger/log.

#ifndef LEDGER_LOG_HASH_MEMTABLE_H_
#define LEDGER_LOG_HASH_MEMTABLE_H_

#include <memory>

#include "rocksdb/memtablerep.h"

namespace payfold {

// For a database with allow_concurrent_memtable_write off: one thread inserts,
// any number look up meanwhile, without a lock.
std::shared_ptr<rocksdb::MemTableRepFactory> NewHashMemtableFactory();

}  // namespace payfold

#endif  // LEDGER_LOG_HASH_MEMTABLE_H_
