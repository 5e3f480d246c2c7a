// One ledger in a directory: the log, and admission in front of it.
//
//   ASSIGN_OR_RETURN(auto ledger, Ledger::Open("/data/ledgers/main", {}));
//   std::vector<Violation> violations;
//   absl::StatusOr<AppendResult> done =
//       ledger->Append(events, {.actor = "local"}, &violations);
//
// Layout: DIRECTORY/log (EventLog), DIRECTORY/keys (KeyRing, not in backups),
// DIRECTORY/projections (of others, disposable), DIRECTORY/LOCK.
//
// Thread-safe. What Append() gave is durable. The log must not be written but
// through the ledger.

#ifndef LEDGER_ADMISSION_LEDGER_H_
#define LEDGER_ADMISSION_LEDGER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/admission/key_ring.h"
#include "ledger/admission/validate.h"
#include "ledger/admission/violation.h"
#include "ledger/base/clock.h"
#include "ledger/log/event_log.h"
#include "payfold/v1/event.pb.h"
#include "rocksdb/env.h"

namespace payfold {

struct LedgerOptions {
  rocksdb::Env* env = rocksdb::Env::Default();  // Must outlive the ledger.
  Clock* clock = nullptr;                       // Clock::Real() if null; must outlive the ledger.
  // Origin of the tree heads of a new ledger; one is made up if empty.
  std::string origin = "";
  RandomSource random = nullptr;  // The system's if null.
};

struct AppendOptions {
  std::string actor;  // The principal; an id or any text.
  // Says what Append() would, without effect; positions of new events are 0.
  bool validate_only = false;
  Writer writer = Writer::kSource;
  // Asked while nobody else appends, with the log's last position: an error refuses the
  // batch, and is what Append() gives. It must not append. May be null.
  std::function<absl::Status(uint64_t head)> confirm = nullptr;
};

class Ledger {
 public:
  // Makes a ledger in a directory that does not exist or is empty.
  // Errors: kAlreadyExists if there is a ledger; kFailedPrecondition if the
  // directory holds something else; kUnavailable if it is in use.
  static absl::StatusOr<std::unique_ptr<Ledger>> Create(const std::string& directory,
                                                        const LedgerOptions& options);
  // Errors: kNotFound if the directory holds no ledger (nothing is changed);
  // kUnavailable if it is in use, by this process or another; kDataLoss if it
  // is damaged.
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(const std::string& directory,
                                                      const LedgerOptions& options);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // Appends the batch, whole or not at all. One result for each event, in
  // order; an event that is in the ledger already is a success with its first
  // position. A ParticipantErased destroys the participant's key.
  //
  // Errors: ViolationStatus() of what is wrong, with all of it in `*violations`
  // (if not null; empty otherwise); those of EventLog::Append().
  absl::StatusOr<AppendResult> Append(absl::Span<const v1::Event> events,
                                      const AppendOptions& options,
                                      std::vector<Violation>* violations = nullptr);

  // As Append(), but validates and prepares the batch here, queues it and
  // returns: of two calls of one thread the first is appended first. `done` gets
  // what Append() would have given, with the violations, in this thread or on
  // the one that commits, which it holds up: it must be quick and must not
  // append. Batches that erase or close run alone: they wait here for those
  // under way, and others wait for them.
  // What is queued when the ledger is destroyed is appended and answered first.
  using Done = std::function<void(absl::StatusOr<AppendResult>, std::vector<Violation>)>;
  void AppendAsync(std::vector<v1::Event> events, AppendOptions options, Done done);

  // The events as Append() would store them, without positions and those that are in
  // the ledger already; appends nothing. Personal fields are sealed, with keys that are
  // made for them: Unseal() opens them until their subject is erased.
  // Errors: as Append().
  absl::StatusOr<std::vector<v1::Event>> Draft(absl::Span<const v1::Event> events,
                                               const std::string& actor,
                                               std::vector<Violation>* violations);

  // Every violation that Append() would refuse the batch for. Writes nothing.
  absl::StatusOr<std::vector<Violation>> Check(absl::Span<const v1::Event> events);

  // To read, subscribe and prove.
  EventLog& log() const;

  // The message of an event as it is stored: personal fields stay sealed.
  // Errors: kDataLoss if the bytes are no event.
  absl::StatusOr<v1::Event> Decode(const EventView& event) const;

  // Puts the personal fields back while their key exists, else leaves them sealed.
  absl::Status Unseal(v1::Event* event) const;

  // To look at and to copy.
  const KeyRing& keys() const;

  // Where a ledger in `directory` has its log, and its keys.
  static std::string LogDirectory(const std::string& directory);
  static std::string KeyDirectory(const std::string& directory);

  const std::string& directory() const;
  std::string projections_directory() const;
  const std::string& origin() const;

 private:
  struct Parts;
  explicit Ledger(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace payfold

#endif  // LEDGER_ADMISSION_LEDGER_H_
