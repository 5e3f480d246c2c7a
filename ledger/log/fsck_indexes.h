// The check of fsck.h about the indexes: every event is found by them, and they
// have no other entries. Internal to ledger/log.

#ifndef LEDGER_LOG_FSCK_INDEXES_H_
#define LEDGER_LOG_FSCK_INDEXES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ledger/log/database.h"
#include "ledger/log/envelope.h"
#include "ledger/log/event.h"
#include "ledger/log/log_reader.h"
#include "ledger/log/verdict.h"

namespace payfold {

// After the first finding it looks at nothing any more.
class IndexChecker {
 public:
  // Both must outlive it.
  IndexChecker(const LogDatabase& database, Verdict* verdict)
      : database_(database), reader_(&database), verdict_(verdict) {}

  // The events of a block, one after the other, and the end of it.
  void Add(const EventView& event, const Envelope& envelope);
  void EndBlock(uint64_t first_position);

  // After the last event, `last`: that there are no other entries about events up
  // to there.
  void End(uint64_t last, uint32_t participants);

 private:
  // What is wrong; OK if nothing is.
  absl::Status CheckEvent(const EventView& event, const Envelope& envelope);
  absl::Status CheckStream(const EventView& event, absl::string_view name);
  absl::Status CheckPostings(Family family, const std::vector<uint32_t>& terms, uint64_t first);
  absl::Status CheckNames(Family numbers, Family names, uint32_t count);
  absl::Status CheckAll(uint64_t last, uint32_t participants);
  // That the family has `expected` entries about events up to `last`.
  absl::Status CheckCount(Family family, uint64_t last, uint64_t expected, bool posting);
  void Fail(uint64_t position, const absl::Status& what);

  const LogDatabase& database_;
  LogReader reader_;
  Verdict* verdict_;
  uint32_t streams_ = 0;
  uint64_t participant_postings_ = 0;
  uint64_t kind_postings_ = 0;
  std::vector<uint32_t> participants_;  // Of the block, perhaps more than once.
  std::vector<uint32_t> kinds_;         // The same.
};

}  // namespace payfold

#endif  // LEDGER_LOG_FSCK_INDEXES_H_
