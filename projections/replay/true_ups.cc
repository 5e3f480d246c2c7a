#include "projections/replay/true_ups.h"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "ledger/base/status_macros.h"
#include "projections/statements/closed_periods.h"

namespace payfold {
namespace {

// (currency, first day of the origin, plan id).
using Origin = std::tuple<std::string, Date, std::string>;

// Before and after, in minor units.
struct Payable {
  std::string label;  // of the origin
  int64_t before = 0, after = 0;
};
using Payables = std::map<Origin, Payable>;

absl::Status AddSide(Evaluator* evaluator, uint32_t participant, Date through,
                     int64_t Payable::*side, Payables* payables) {
  const Reference& reference = evaluator->reference();
  const StatedMoney stated(reference, participant);
  ASSIGN_OR_RETURN(Settlement settlement, Settlement::Make(evaluator, participant, stated));
  ASSIGN_OR_RETURN(const Posted posted, ReadPosted(evaluator->view(), participant));
  ASSIGN_OR_RETURN(const auto left, SettleClosed(evaluator, participant, through, posted,
                                                 /*causes=*/nullptr, &settlement));
  for (const auto& [currency, of_currency] : left) {
    for (const v1::PriorPeriodAdjustment& adjustment : of_currency.adjustments) {
      ASSIGN_OR_RETURN(const Period origin, reference.calendar().Parse(adjustment.origin_period()));
      Payable& payable = (*payables)[{currency, origin.first(), adjustment.difference().plan_id()}];
      payable.label = adjustment.origin_period();
      payable.*side += adjustment.payable_minor_units();
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::TrueUp>> TrueUpsOf(Evaluator* before, Evaluator* after,
                                                  uint32_t participant) {
  std::vector<v1::TrueUp> true_ups;
  const std::optional<Date> through = before->reference().closes->closed_through();
  if (!through.has_value()) return true_ups;
  Payables payables;
  RETURN_IF_ERROR(AddSide(before, participant, *through, &Payable::before, &payables));
  RETURN_IF_ERROR(AddSide(after, participant, *through, &Payable::after, &payables));
  for (const auto& [origin, payable] : payables) {
    if (payable.before == payable.after) continue;
    v1::TrueUp& true_up = true_ups.emplace_back();
    true_up.set_participant_id(after->reference().org->Id(participant));
    true_up.set_currency(std::get<0>(origin));
    true_up.set_origin_period(payable.label);
    true_up.set_plan_id(std::get<2>(origin));
    true_up.set_before_minor_units(payable.before);
    true_up.set_after_minor_units(payable.after);
    int64_t difference = 0;
    if (__builtin_sub_overflow(payable.after, payable.before, &difference)) {
      return absl::OutOfRangeError("a true-up does not fit in 64 bits of minor units");
    }
    true_up.set_difference_minor_units(difference);
  }
  return true_ups;
}

}  // namespace payfold
