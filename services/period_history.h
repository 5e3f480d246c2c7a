// What happened to one payout period, read from its stream in the log: what was
// posted, who closed and approved it, what was paid. Unlike a view it is never behind.

#ifndef SERVICES_PERIOD_HISTORY_H_
#define SERVICES_PERIOD_HISTORY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/admission/ledger.h"

namespace payfold {

struct PeriodHistory {
  // What was posted to a participant, and paid of it, in minor units.
  struct Posted {
    int64_t payable = 0;
    int64_t paid = 0;
  };

  // Of the period's stream, for expected_stream_version.
  uint64_t version = 0;
  // Who closed it; none while it is open.
  std::optional<std::string> closed_by;
  std::optional<std::string> approved_by;
  uint64_t approved_position = 0;
  std::string statements_digest;
  // By (participant, currency): one for each statement.
  std::map<std::pair<std::string, std::string>, Posted> posted;
  // (plan id, version) that the statements rest on.
  std::set<std::pair<std::string, uint32_t>> plan_versions;
};

// Of no payout period: an empty history. Errors: kDataLoss.
absl::StatusOr<PeriodHistory> ReadPeriodHistory(const Ledger& ledger, absl::string_view period);

// Who published that version of a plan; empty if nobody did. Errors: kDataLoss.
absl::StatusOr<std::string> PublisherOf(const Ledger& ledger, absl::string_view plan_id,
                                        uint32_t version);

}  // namespace payfold

#endif  // SERVICES_PERIOD_HISTORY_H_
