// RocksDB's own log file, left out: its writer stops the process when the disk is
// full, and what goes wrong reaches us as a status anyway.

#ifndef LEDGER_LOG_NO_LOGGER_H_
#define LEDGER_LOG_NO_LOGGER_H_

#include <memory>

#include "rocksdb/env.h"

namespace payfold {

// A logger that keeps nothing.
std::shared_ptr<rocksdb::Logger> NoLogger();

}  // namespace payfold

#endif  // LEDGER_LOG_NO_LOGGER_H_
