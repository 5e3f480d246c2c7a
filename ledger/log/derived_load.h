// What is derived from the log, stored in bulk: as files that the database takes in as
// they are, past the write-ahead log and the memtables.

#ifndef LEDGER_LOG_DERIVED_LOAD_H_
#define LEDGER_LOG_DERIVED_LOAD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ledger/log/database.h"
#include "rocksdb/sst_file_writer.h"

namespace payfold {

// The entries of a column family that is empty and that nobody else writes to. One
// thread; the database must outlive it. After an error it is not to be used any more.
class DerivedLoad {
 public:
  DerivedLoad(LogDatabase* database, rocksdb::ColumnFamilyHandle* family);
  // What was not taken in is as if it had never been written.
  ~DerivedLoad();
  DerivedLoad(const DerivedLoad&) = delete;
  DerivedLoad& operator=(const DerivedLoad&) = delete;

  // REQUIRES: `key` is above the last one.
  // Errors: kResourceExhausted, kUnavailable; the log goes on.
  absl::Status Put(absl::string_view key, absl::string_view value);

  // Takes in all that was put, whole or not at all, durably. Errors: as EventLog::Append().
  absl::Status Finish();

 private:
  std::string NextPath() const;
  absl::Status CloseFile();

  LogDatabase* database_;
  rocksdb::ColumnFamilyHandle* family_;
  std::unique_ptr<rocksdb::SstFileWriter> file_;  // Null between files.
  LoadedFiles files_;                             // Those that are whole.
  std::string open_path_;                         // Of `file_`; else empty.
};

// Removes what loads have left behind that a crash ended, from the directory of a log that
// was just opened. What cannot be removed only takes space.
void RemoveUnfinishedLoads(rocksdb::Env* env, const std::string& directory);

}  // namespace payfold

#endif  // LEDGER_LOG_DERIVED_LOAD_H_
