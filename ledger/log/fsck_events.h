// The checks of fsck.h that need the events alone. Internal to ledger/log.

#ifndef LEDGER_LOG_FSCK_EVENTS_H_
#define LEDGER_LOG_FSCK_EVENTS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ledger/log/database.h"
#include "ledger/log/envelope.h"
#include "ledger/log/event.h"
#include "ledger/log/fsck.h"
#include "ledger/log/verdict.h"

namespace payfold {

// Takes the events one after the other, and says what is wrong with them.
class EventChecker {
 public:
  // All must outlive it.
  EventChecker(const LogDatabase& database, const FsckOptions& options, Verdict* verdict);

  void Add(const EventView& event, const absl::StatusOr<Envelope>& envelope);

  // Of those added.
  uint64_t streams() const { return versions_.size(); }
  uint32_t participants() const { return participants_; }
  int64_t last_recorded_at_micros() const { return last_recorded_at_micros_; }

 private:
  // What is wrong; OK if nothing is.
  absl::Status CheckEnvelope(const EventView& event, const Envelope& envelope);
  absl::Status CheckStream(const EventView& event, absl::string_view name);
  absl::Status CheckParticipants(const EventView& event);
  void ReadNames(const LogDatabase& database);

  const FsckOptions& options_;
  Verdict* verdict_;
  int64_t last_recorded_at_micros_ = std::numeric_limits<int64_t>::min();
  std::vector<uint64_t> versions_;    // By stream.
  std::vector<size_t> stream_names_;  // By stream: the hash of its name.
  uint32_t participants_ = 0;
  std::vector<std::string> ids_;  // Of participants, by number, as the log names them.
};

}  // namespace payfold

#endif  // LEDGER_LOG_FSCK_EVENTS_H_
