// A data directory: any number of ledgers by name.
//
// Layout: DIR/PAYFOLD (a line that says what it is), DIR/ledgers/NAME (Ledger).
//
// Thread-safe. Ledgers are opened at first use and stay open until Close();
// pointers to them live as long, and not longer than this object.

#ifndef LEDGER_ADMISSION_LEDGERS_H_
#define LEDGER_ADMISSION_LEDGERS_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/admission/ledger.h"
#include "ledger/admission/violation.h"
#include "ledger/log/fsck.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

inline constexpr absl::string_view kMainLedger = "main";

class Ledgers {
 public:
  // Takes a directory that does not exist, is empty, or is a data directory.
  // Errors: kFailedPrecondition for any other, which is left as it is.
  static absl::StatusOr<std::unique_ptr<Ledgers>> Create(const std::string& directory,
                                                         const LedgerOptions& options);
  // Errors: kNotFound if the directory does not exist; kFailedPrecondition if
  // it is no data directory. Nothing is changed.
  static absl::StatusOr<std::unique_ptr<Ledgers>> Open(const std::string& directory,
                                                       const LedgerOptions& options);

  // The names, sorted.
  absl::StatusOr<std::vector<std::string>> List() const;

  // Makes a ledger whose first event is `configured`, a LedgerConfigured.
  // Errors: kInvalidArgument for a name that is no id, or as for Ledger::Append(),
  // and then nothing is made; kAlreadyExists; as for Ledger::Create(). With
  // `validate_only` nothing is made and the pointer is null.
  absl::StatusOr<Ledger*> CreateLedger(absl::string_view name, const v1::Event& configured,
                                       const AppendOptions& append,
                                       std::vector<Violation>* violations = nullptr);

  // The ledger of that name; empty is "main".
  // Errors: kInvalidArgument for a name that is no id; kNotFound, with the names
  // there are; as for Ledger::Open().
  absl::StatusOr<Ledger*> Get(absl::string_view name);

  // Checks the log of a ledger that is not open, however damaged it is, as
  // AuditLogAt() does, and that what stands beside events is what they say.
  // Errors: as Get() for the name; those of AuditLogAt().
  absl::StatusOr<FsckReport> Audit(absl::string_view name, FsckOptions options) const;

  // Closes the ledger if it is open. REQUIRES: nobody uses it any more.
  void Close(absl::string_view name);

  const std::string& directory() const { return directory_; }
  // Where the ledger of that name is, or would be.
  std::string PathOf(absl::string_view name) const;

 private:
  Ledgers(std::string directory, LedgerOptions options)
      : directory_(std::move(directory)), options_(std::move(options)) {}
  absl::Status CheckExists(absl::string_view name) const;
  LedgerOptions OptionsOfNew(const std::string& name) const;

  const std::string directory_;
  const LedgerOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Ledger>> open_;  // Guarded by mutex_.
};

}  // namespace payfold

#endif  // LEDGER_ADMISSION_LEDGERS_H_
