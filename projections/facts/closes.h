// What became of payout periods: closes, approvals, payments, and disputes. Posted
// statements themselves stay in the log; what they add up to is a table of the fold.
//
// Source: specification, ledger "Payout periods"; events.

#ifndef PROJECTIONS_FACTS_CLOSES_H_
#define PROJECTIONS_FACTS_CLOSES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/timestamp.pb.h"
#include "ledger/calendar/period.h"
#include "payfold/v1/event.pb.h"
#include "payfold/v1/money.pb.h"
#include "projections/facts/deal.h"

namespace payfold {

struct ClosedPeriod {
  Period days = Period::Window(Date(), Date());
  std::string label;
  uint64_t position = 0;         // of PeriodClosed
  uint64_t folded_position = 0;  // of the fold that was posted
  google::protobuf::Timestamp recorded_at;
  std::string actor;
  // PeriodClosed comes last in its batch, and nothing else stands in the period's
  // stream before it.
  int64_t statements = 0;
  std::vector<v1::Money> totals;  // payable, per currency
  std::string statements_digest;
  std::vector<std::string> exceptions;
  // Of the first approval; 0 and empty until then.
  uint64_t approved_position = 0;
  std::string approved_by;
};

// In order; each begins on the day after the one before.
struct Closes {
  std::vector<ClosedPeriod> periods;

  bool any() const { return !periods.empty(); }
  // The last day of the last closed period. Days before the first close count as
  // closed.
  std::optional<Date> closed_through() const;
  // Null if it was not closed; also for what only counts as closed.
  const ClosedPeriod* Find(absl::string_view label) const;
  // The position of the last fold that was posted; 0 before the first close.
  uint64_t folded_position() const;

  // Takes in a PeriodClosed or PeriodApproved; an approval of what is not closed, or
  // is approved, changes nothing.
  // Errors: kDataLoss if the event is not what the ledger writes.
  absl::Status Add(const v1::Event& event, const Calendar& calendar);
};

struct RecordedPayment {
  uint64_t position = 0;
  uint32_t participant = kNobody;
  std::string period;  // label
  int64_t amount = 0;  // minor units
  std::string currency;
  std::string reference;
  std::string paid_on;
};

struct Payments {
  std::vector<RecordedPayment> all;            // in order of position
  std::map<std::string, size_t> by_reference;  // to the first with it
  // (period, participant, currency), and with kNobody to everybody, to what was paid, in minor
  // units.
  std::map<std::tuple<std::string, uint32_t, std::string>, int64_t> paid;

  // Takes in a PaymentRecorded.
  void Add(const v1::Event& event, const Numbering& numbers);
  int64_t Paid(absl::string_view period, uint32_t participant, absl::string_view currency) const;
  // To everybody.
  int64_t PaidOf(absl::string_view period, absl::string_view currency) const;
};

// An inquiry. What was written is sealed: it is read from the log, at the positions.
struct OpenedDispute {
  std::string dispute_id;
  uint32_t participant = kNobody;
  std::string line_id;  // empty: the statement of `period`
  std::string period;
  uint64_t position = 0;
  uint64_t resolved_position = 0;  // 0: it is open
  std::string adjustment_id;       // that followed from it
};

struct Disputes {
  std::vector<OpenedDispute> all;  // in order of position

  // Takes in a DisputeOpened or DisputeResolved. One is resolved once; what resolves
  // a dispute that is not known, or of somebody else, changes nothing.
  void Add(const v1::Event& event, const Numbering& numbers);
};

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_CLOSES_H_
