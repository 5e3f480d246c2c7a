// Settlement: from earning lines to what is payable, payout period by payout period.
//
//   payable = earned + top-up + deferred − recovery − held + released
//             + adjustments + carried in
//
// A negative payable is carried into the next payout period; draw balances and
// held money run on from the participant's first line or day in a plan, or from what
// a migration brought in. All amounts are minor units.
//
//   draw.h      one payout period of a draw
//   schedule.h  instalments, held money
//
// Readings where the specification is silent: facts/calculation.md.
// Source: specification, calculation 10 and 14.

#ifndef PROJECTIONS_STATEMENTS_SETTLEMENT_H_
#define PROJECTIONS_STATEMENTS_SETTLEMENT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/statement.pb.h"
#include "projections/earnings/evaluator.h"
#include "projections/statements/draw.h"
#include "projections/statements/schedule.h"

namespace payfold {

// A plan's part in a payout period; without plan id what openings brought in that
// belongs to no plan.
struct PlanSettlement {
  std::string plan_id;
  int64_t earned = 0;
  DrawOutcome draw;
  std::optional<int64_t> draw_amount;  // none: no draw runs
  const Draw* terms = nullptr;         // of the draw and recovery; may be null
  int64_t balance_before = 0;          // of the draw
  // Recovery begins with this day; set if there was something to recover before it.
  std::optional<Date> recovers_from;
  // Held by new lines less what negative lines took.
  int64_t held = 0;
  int64_t released = 0;
  int64_t held_balance = 0;  // after
  // earned + top-up + deferred − recovery − held + released.
  int64_t payable = 0;
  std::vector<HeldMovement> movements;
};

struct CurrencySettlement {
  std::vector<PlanSettlement> plans;  // in order of plan id; those with anything to say
  std::vector<const PostedAdjustment*> adjustments;
  std::vector<const Opening*> openings;  // part of what is carried in
  // What later knowledge makes of closed payout periods; on the first open one only.
  std::vector<v1::PriorPeriodAdjustment> prior;
  int64_t adjusted = 0;
  int64_t prior_payable = 0;
  int64_t carried_in = 0;   // positive only with openings
  int64_t payable = 0;      // not negative
  int64_t carried_out = 0;  // not positive
};

// By currency.
using PeriodSettlement = std::map<std::string, CurrencySettlement>;

// What closes leave to the first open payout period in one currency.
struct LeftByCloses {
  int64_t carried = 0;  // not positive: what the last posted statement carried out
  std::vector<v1::PriorPeriodAdjustment> adjustments;
};

// What stands at the end, by currency.
struct SettledBalance {
  int64_t held = 0, draw = 0, carried = 0;
};

// The adjustments and openings of one participant or of all, by participant.
class StatedMoney {
 public:
  struct Facts {
    std::vector<const PostedAdjustment*> adjustments;
    std::vector<const Opening*> openings;
  };

  // kNobody: of all. `reference` must outlive it.
  StatedMoney(const Reference& reference, uint32_t participant);
  const Facts& Of(uint32_t participant) const;

 private:
  absl::flat_hash_map<uint32_t, Facts> facts_;
};

// One participant's payout periods, one after the other. Not thread-safe; its
// arguments must outlive it.
class Settlement {
 public:
  // Errors: kFailedPrecondition if the ledger is not configured; kOutOfRange; kDataLoss.
  static absl::StatusOr<Settlement> Make(Evaluator* evaluator, uint32_t participant,
                                         const StatedMoney& stated);

  // The first day on which anything could be; none for somebody of whom nothing is.
  std::optional<Date> first_day() const { return first_day_; }

  // The money and rewards of a payout period; empty before Evaluator::FirstDayOf().
  // Errors: kDataLoss.
  absl::StatusOr<std::vector<EarnedLine>> LinesIn(const Period& payout);

  // All payout periods so far are closed: the next one begins with what their
  // statements left, by currency, not with what was carried here.
  void ContinueFromCloses(std::map<std::string, LeftByCloses> left);

  // The next payout period, from that of the first day on, without gaps; with its
  // lines if they are known. Errors: kOutOfRange, kDataLoss.
  absl::StatusOr<PeriodSettlement> Settle(const Period& payout);
  absl::StatusOr<PeriodSettlement> Settle(const Period& payout,
                                          const std::vector<EarnedLine>& lines);
  // Adjustments, openings and what is carried, of a later payout period whose lines
  // are not computed.
  absl::StatusOr<PeriodSettlement> SettleStated(const Period& payout);
  // Payout periods after a day with adjustments or openings, in order.
  std::vector<Period> StatedPeriodsAfter(Date day) const;

  // The plan whose draw balance an opening in that currency joins; empty: none.
  std::string PlanOfDrawOpening(absl::string_view currency) const;

  // After the last period settled. Errors: kOutOfRange.
  absl::StatusOr<std::map<std::string, SettledBalance>> Balances() const;

 private:
  // One plan in one of its versions' currencies.
  struct Plan {
    const std::string* plan_id = nullptr;
    const PlanHistory* history = nullptr;
    std::string currency;
    std::shared_ptr<const DaySet> in_plan;
    bool has_draw = false, has_schedule = false;
    int periods_in_plan = 0;  // payout periods with a day in the plan so far
    Date first_period;        // first day of the first of them
    int64_t draw_balance = 0;
    HeldMoney held;
  };
  Settlement(Evaluator* evaluator, uint32_t participant, const StatedMoney::Facts& stated)
      : evaluator_(evaluator), participant_(participant), stated_(&stated) {}

  const Reference& reference() const { return evaluator_->reference(); }
  void Begin(Date day);
  absl::Status AddPlans();
  absl::Status AddAdjustments();
  absl::Status AddOpenings();
  absl::Status AddDrawOpening(const Opening& opening);
  // The index of that plan; none.
  std::optional<size_t> FindPlanWithDraw(absl::string_view currency) const;
  absl::Status SettlePlan(const Period& payout, const std::vector<EarnedLine>& lines, Plan* plan,
                          PeriodSettlement* result);
  absl::Status SettleHeld(const Period& payout, std::vector<const EarnedLine*> lines, Plan* plan,
                          PlanSettlement* settled);
  absl::Status HoldLine(const Period& payout, const EarnedLine& line, Plan* plan,
                        std::vector<HeldMovement>* movements);
  // Of the version last in force in the payout period; null if it has no draw.
  static const Program* ProgramWithDraw(const Plan& plan, const Period& payout);
  absl::Status SettleDrawOf(const Period& payout, Plan* plan, PlanSettlement* settled);
  absl::Status SettleOpenings(const Period& payout, PeriodSettlement* result);
  absl::Status HoldOpenings(const Period& payout);
  absl::Status CarryOver(const Period& payout, PeriodSettlement* result);

  Evaluator* evaluator_;
  uint32_t participant_;
  const StatedMoney::Facts* stated_;
  std::optional<Date> first_day_, first_earned_;
  std::vector<Plan> plans_;  // in order of plan id
  std::map<Period, std::vector<const PostedAdjustment*>> adjustments_;
  std::map<Period, std::vector<const Opening*>> carried_openings_;  // kPayable
  std::vector<const Opening*> held_openings_;                       // not yet held
  std::map<std::string, HeldMoney> held_;                           // of openings, by currency
  std::map<std::string, int64_t> draws_;                            // owed in no plan, by currency
  std::map<std::string, int64_t> carried_;
  std::map<std::string, LeftByCloses> left_by_closes_;  // until the next payout period
};

// One payout period's, from the beginning; `lines` are those of that period.
// Errors: those of Settlement.
absl::StatusOr<PeriodSettlement> SettleThrough(Evaluator* evaluator, uint32_t participant,
                                               const Period& payout,
                                               const std::vector<EarnedLine>& lines);

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_SETTLEMENT_H_
