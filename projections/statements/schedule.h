// Schedules: what of a line is paid at once, and what is held until when.
//
// An instalment that is due by the end of the line's own payout period is never
// held. Others are held, and released on their due date; COLLECTED as the deal's
// cash comes in. Negative lines take from what is outstanding, earliest due first.
// All amounts are minor units of the plan's currency.
//
// Readings where the specification is silent: facts/calculation.md.
// Source: specification, calculation 10 and 14.

#ifndef PROJECTIONS_STATEMENTS_SCHEDULE_H_
#define PROJECTIONS_STATEMENTS_SCHEDULE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/calendar/period.h"
#include "ledger/plan/program.h"
#include "projections/facts/resolve_deal.h"

namespace payfold {

// When an instalment of a line is due; none for COLLECTED.
std::optional<Date> DueDate(const Instalment& instalment, Date line_date,
                            const Period& measurement_period, const Calendar& calendar);

// What of a part the deal's cash up to the end of a day releases: round(part × min(1,
// cash / deal amount)); all of it if there is nothing to collect, nothing of a
// deal that is not booked. Errors: kOutOfRange.
absl::StatusOr<int64_t> CollectedPart(int64_t part, const Deal& deal, Date day, Rounding rounding);

// A part of an instalment that waits for a date, or for a deal's cash.
struct HeldPart {
  std::string component_id;
  // Date::Max(): with a deal, when it is collected; without one, never.
  Date due = Date::Max();
  std::shared_ptr<const Deal> deal;
  Rounding rounding = Rounding::kHalfUp;
  int64_t part = 0;      // all that is or was held of it, less what was taken
  int64_t released = 0;  // of `part`

  int64_t outstanding() const { return part - released; }
};

// A positive line of a component with a schedule.
struct ScheduledLine {
  // What a deal was attributed of the line.
  struct DealPart {
    std::shared_ptr<const Deal> deal;
    int64_t amount = 0;
  };

  std::string component_id;
  int64_t amount = 0;  // positive
  Date date;
  Period measurement_period = Period::Window(Date(), Date());
  Date paid_through;  // last day of its payout period
  Rounding rounding = Rounding::kHalfUp;
  std::vector<DealPart> deals;  // needed if an instalment is COLLECTED
};

// The parts of the line that are held beyond its own payout period, in order of
// instalment and deal. Errors: kOutOfRange.
absl::StatusOr<std::vector<HeldPart>> HeldPartsOf(const ScheduledLine& line,
                                                  const std::vector<Instalment>& schedule,
                                                  const Calendar& calendar);

// What happened to held money.
struct HeldMovement {
  enum class Kind { kHeld, kTaken, kReleased };
  Kind kind = Kind::kHeld;
  std::string component_id;
  Date due = Date::Max();
  std::string deal_id;  // COLLECTED
  int64_t amount = 0;   // positive
};

// The outstanding instalments of a participant's plan.
class HeldMoney {
 public:
  // `*movements` tells what was done; it may be null.
  void Hold(HeldPart part, std::vector<HeldMovement>* movements);
  // Releases what is due, or collected, up to the end of a day.
  // Errors: kOutOfRange.
  absl::Status ReleaseThrough(Date day, std::vector<HeldMovement>* movements);
  // Takes up to `amount` from the component's outstanding parts; gives what was taken.
  // They go by due date, collected ones last, then in order of Hold().
  int64_t Take(absl::string_view component_id, int64_t amount,
               std::vector<HeldMovement>* movements);

  bool empty() const { return parts_.empty(); }
  // Errors: kOutOfRange.
  absl::StatusOr<int64_t> Outstanding() const;

 private:
  void Note(HeldMovement::Kind kind, const HeldPart& part, int64_t amount,
            std::vector<HeldMovement>* movements) const;
  void DropDone();

  std::vector<HeldPart> parts_;  // by due date, then in order of Hold()
};

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_SCHEDULE_H_
