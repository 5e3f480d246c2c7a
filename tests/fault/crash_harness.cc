#include "tests/fault/crash_harness.h"

#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/fsck.h"
#include "tests/ledger/log/test_log.h"

namespace payfold_testing {
namespace {

// Some are so large that the log is synced while memtables are filled.
size_t BatchSize(uint64_t number) { return number % 16 == 5 ? 500 : 1 + number % 5; }

}  // namespace

std::vector<payfold::NewEvent> CrashBatch(uint64_t number) {
  std::vector<payfold::NewEvent> events;
  for (size_t i = 0; i < BatchSize(number); ++i) {
    const uint64_t salt = number * 31 + i * 7;
    events.push_back(MakeEvent(absl::StrCat("batch-", number, "/", i),
                               absl::StrCat("deals/D-", salt % 97),
                               20 + static_cast<uint32_t>(salt % 10),
                               {absl::StrCat("ana", salt % 13), absl::StrCat("bob", salt % 17)},
                               std::string(salt % 200, 'x')));
  }
  return events;
}

absl::Status AppendCrashBatch(payfold::EventLog& log, uint64_t number, BatchMaker batch) {
  return AppendOnce(log, batch(number)).status();
}

absl::StatusOr<uint64_t> CheckCrashLog(const payfold::EventLog& log, uint64_t acknowledged,
                                       BatchMaker batch, uint64_t under_way) {
  const std::unique_ptr<payfold::EventCursor> cursor = log.Read({});
  uint64_t number = 0;
  for (uint64_t position = 1; position <= log.head(); ++number) {
    for (const payfold::NewEvent& event : batch(number + 1)) {
      const bool there = cursor->Next();
      RETURN_IF_ERROR(cursor->status());
      if (!there || cursor->event().position != position++ ||
          !absl::EndsWith(cursor->event().bytes, event.body)) {
        return absl::DataLossError(
            absl::StrCat("position ", position - 1, " does not hold ", event.event_id));
      }
    }
  }
  if (number < acknowledged || number > acknowledged + under_way) {
    return absl::DataLossError(absl::StrCat("the log holds ", number, " batches, but ",
                                            acknowledged, " were acknowledged"));
  }
  RETURN_IF_ERROR(payfold::CheckLog(log, {}).status());
  return number;
}

}  // namespace payfold_testing
