#include "projections/statements/schedule.h"

#include <algorithm>
#include <utility>

#include "absl/numeric/int128.h"
#include "ledger/base/status_macros.h"
#include "ledger/money/allocate.h"
#include "projections/statements/settlement_sum.h"

namespace payfold {
namespace {

// What the deal was booked, restated and adjusted to by the end of a day;
// cancellations leave it alone.
absl::int128 AmountOn(const Deal& deal, Date day) {
  absl::int128 amount = 0;
  for (const Base& base : deal.bases) {
    const bool counts = base.kind == Base::Kind::kBooked ||
                        (base.kind == Base::Kind::kAdjusted && base.date <= day);
    if (counts) amount += base.change;
  }
  return amount;
}

// A COLLECTED instalment: its money Allocated over the deals; without one there is
// no cash to wait for.
absl::Status AddCollected(const ScheduledLine& line, int64_t amount, std::vector<HeldPart>* held) {
  std::vector<absl::int128> weights;
  absl::int128 sum = 0;
  for (const ScheduledLine::DealPart& deal : line.deals) {
    weights.push_back(std::max<int64_t>(deal.amount, 0));
    sum += weights.back();
  }
  if (sum == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<int64_t> parts, Allocate(amount, weights));
  for (size_t i = 0; i < parts.size(); ++i) {
    HeldPart part;
    part.component_id = line.component_id;
    part.deal = line.deals[i].deal;
    part.rounding = line.rounding;
    part.part = parts[i];
    ASSIGN_OR_RETURN(part.released,
                     CollectedPart(parts[i], *part.deal, line.paid_through, line.rounding));
    if (part.outstanding() > 0) held->push_back(std::move(part));
  }
  return absl::OkStatus();
}

}  // namespace

std::optional<Date> DueDate(const Instalment& instalment, Date line_date,
                            const Period& measurement_period, const Calendar& calendar) {
  switch (instalment.due) {
    case Instalment::Due::kBooked:
      return line_date;
    case Instalment::Due::kPeriodEnd:
      return measurement_period.last();
    case Instalment::Due::kYearEnd:
      return calendar.Containing(PeriodKind::kYear, line_date).last();
    case Instalment::Due::kAfterDays:
      return line_date + instalment.n;
    case Instalment::Due::kAfterMonths:
      return line_date.AddMonths(instalment.n);
    case Instalment::Due::kCollected:
      break;
  }
  return std::nullopt;
}

absl::StatusOr<int64_t> CollectedPart(int64_t part, const Deal& deal, Date day, Rounding rounding) {
  if (!deal.booked) return 0;
  absl::int128 cash = 0;
  for (const Cash& payment : deal.collected) {
    if (payment.date <= day) cash += payment.amount;
  }
  const absl::int128 amount = AmountOn(deal, day);
  if (cash >= amount) return part;
  if (cash <= 0) return 0;
  return (Rational(part) * Rational::Of(cash, amount)).Round(rounding);
}

absl::StatusOr<std::vector<HeldPart>> HeldPartsOf(const ScheduledLine& line,
                                                  const std::vector<Instalment>& schedule,
                                                  const Calendar& calendar) {
  std::vector<HeldPart> held;
  if (schedule.empty()) return held;
  std::vector<Rational> shares;
  for (const Instalment& instalment : schedule) shares.push_back(instalment.share);
  ASSIGN_OR_RETURN(const std::vector<int64_t> amounts, AllocateByFractions(line.amount, shares));
  for (size_t i = 0; i < schedule.size(); ++i) {
    const std::optional<Date> due =
        DueDate(schedule[i], line.date, line.measurement_period, calendar);
    if (!due.has_value()) {
      RETURN_IF_ERROR(AddCollected(line, amounts[i], &held));
    } else if (line.paid_through < *due && amounts[i] > 0) {
      HeldPart part;
      part.component_id = line.component_id;
      part.due = *due;
      part.rounding = line.rounding;
      part.part = amounts[i];
      held.push_back(std::move(part));
    }
  }
  return held;
}

void HeldMoney::Note(HeldMovement::Kind kind, const HeldPart& part, int64_t amount,
                     std::vector<HeldMovement>* movements) const {
  if (movements == nullptr) return;
  movements->push_back({kind, part.component_id, part.due,
                        part.deal == nullptr ? std::string() : part.deal->deal_id, amount});
}

void HeldMoney::DropDone() {
  std::erase_if(parts_, [](const HeldPart& part) { return part.outstanding() == 0; });
}

void HeldMoney::Hold(HeldPart part, std::vector<HeldMovement>* movements) {
  Note(HeldMovement::Kind::kHeld, part, part.outstanding(), movements);
  const auto after =
      std::upper_bound(parts_.begin(), parts_.end(), part.due,
                       [](Date due, const HeldPart& other) { return due < other.due; });
  parts_.insert(after, std::move(part));
}

absl::Status HeldMoney::ReleaseThrough(Date day, std::vector<HeldMovement>* movements) {
  for (HeldPart& part : parts_) {
    int64_t to_date = part.due <= day ? part.part : 0;
    if (part.deal != nullptr) {
      ASSIGN_OR_RETURN(to_date, CollectedPart(part.part, *part.deal, day, part.rounding));
    }
    // What is released stays so, should the deal grow.
    if (to_date <= part.released) continue;
    Note(HeldMovement::Kind::kReleased, part, to_date - part.released, movements);
    part.released = to_date;
  }
  DropDone();
  return absl::OkStatus();
}

int64_t HeldMoney::Take(absl::string_view component_id, int64_t amount,
                        std::vector<HeldMovement>* movements) {
  int64_t left = amount;
  for (HeldPart& part : parts_) {
    if (left == 0) break;
    if (part.component_id != component_id) continue;
    const int64_t taken = std::min(left, part.outstanding());
    Note(HeldMovement::Kind::kTaken, part, taken, movements);
    part.part -= taken;
    left -= taken;
  }
  DropDone();
  return amount - left;
}

absl::StatusOr<int64_t> HeldMoney::Outstanding() const {
  int64_t sum = 0;
  for (const HeldPart& part : parts_) RETURN_IF_ERROR(AddMinorUnits(part.outstanding(), &sum));
  return sum;
}

}  // namespace payfold
