// Lines that cancellations make: RESTATE and REVERSE.
//
// Source: specification, calculation 4 (cancellations), 8 (line ids) and 9.

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "ledger/plan/clawback.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/membership.h"

namespace payfold {
namespace {

bool LooksBeyondPeriod(const Measure& measure) {
  return measure.kind == Measure::Kind::kGrowth ||
         std::any_of(measure.parts.begin(), measure.parts.end(), LooksBeyondPeriod);
}

bool LooksBeyondPeriod(const std::optional<Target>& target) {
  return target.has_value() &&
         (target->kind == Target::Kind::kPrevious || target->kind == Target::Kind::kPopulation);
}

// Whether the component's amounts depend on deals of other periods or people.
bool LooksFurther(const Component& component) {
  const auto looks = [](const std::optional<Measure>& measure,
                        const std::optional<Target>& target) {
    return (measure.has_value() && LooksBeyondPeriod(*measure)) || LooksBeyondPeriod(target);
  };
  const Payout& payout = component.payout;
  return looks(component.measure, component.target) ||
         looks(payout.bands.by_measure, payout.bands.by_target) ||
         payout.kind == Payout::Kind::kRank || payout.kind == Payout::Kind::kPool ||
         payout.kind == Payout::Kind::kMatrix || payout.kind == Payout::Kind::kGoals ||
         std::any_of(component.gates.begin(), component.gates.end(),
                     [&](const Gate& gate) { return gate.measure.has_value() || gate.target; }) ||
         std::any_of(component.multipliers.begin(), component.multipliers.end(),
                     [&](const Multiplier& m) { return m.measure.has_value() || m.target; }) ||
         (component.cap.has_value() && component.cap->excess == Cap::Excess::kCarry);
}

// Whether only deals that credit the participant themselves move the component's lines.
bool LooksAtOwnDeals(const Component& component) {
  const auto is_of_others = [](const std::optional<Measure>& measure) {
    return measure.has_value() && WidestScope(*measure) != Scope::kOwn;
  };
  return component.measure.has_value() && !is_of_others(component.measure) &&
         !is_of_others(component.payout.bands.by_measure) &&
         !is_of_others(component.payout.per_deal.bands.by_measure);
}

// "~D-17.2" for the second cancellation of the deal, after the first day of a version
// that begins inside the period.
void AddOrigin(const GroupQuery& query, const Deal& deal, const CancellationKey& key,
               EarnedLine* line) {
  const Date first = query.segment().first;
  if (query.period.first() < first) absl::StrAppend(&line->line_id, "@", first.ToString());
  int number = 1;
  for (const CancellationKey& other : CancellationsOf(deal)) {
    if (other < key) ++number;
  }
  absl::StrAppend(&line->line_id, "~", deal.deal_id, ".", number);
}

// What part of the deal is cancelled; of one without amount the first takes all.
Rational CancelledPart(const Cancelled& cancelled, bool is_first) {
  if (cancelled.deal_amount == 0) return is_first ? 1 : 0;
  return Rational::Of(cancelled.amount, cancelled.deal_amount);
}

}  // namespace

absl::StatusOr<std::vector<Period>> Evaluator::PeriodsTakenBack(const GroupQuery& query,
                                                                Days dated) {
  const Component& component = *query.component;
  const bool restates = component.clawback.mode == Clawback::Mode::kRestate;
  if (!restates && component.clawback.mode != Clawback::Mode::kReverse) {
    return std::vector<Period>();
  }
  const bool further = restates && LooksFurther(component);
  // Who shares in a deal need not be in the scope when it is cancelled.
  const bool own = !further && LooksAtOwnDeals(component);
  Members members;
  for (uint32_t p = 0; p < reference().org->size(); ++p) {
    if (!own || p == query.participant) members.emplace_back(p, DaySet({Date::Min(), Date::Max()}));
  }
  ASSIGN_OR_RETURN(const std::vector<uint32_t> streams, DealsOfMembers(view_, members, dated));
  std::set<Period> periods;
  std::optional<Date> earliest;
  for (uint32_t stream : streams) {
    ASSIGN_OR_RETURN(const std::shared_ptr<const Deal> deal, GetDeal(stream));
    const std::vector<CancellationKey> cancellations = CancellationsOf(*deal);
    const bool cancelled_here =
        std::any_of(cancellations.begin(), cancellations.end(),
                    [&](const CancellationKey& key) { return dated.Contains(key.date); });
    if (!cancelled_here) continue;
    for (const Base& base :
         BasesUnder(*deal, component.trigger, component.clawback.mode, std::nullopt).bases) {
      earliest = std::min(earliest.value_or(base.date), base.date);
      for (const Period& period : MeasurementPeriods(component, {base.date, base.date})) {
        periods.insert(period);
      }
    }
    for (const Period& period : MeasurementPeriods(component, {deal->booked_on, deal->booked_on})) {
      earliest = std::min(earliest.value_or(deal->booked_on), deal->booked_on);
      periods.insert(period);
    }
  }
  if (further && earliest.has_value()) {
    for (const Period& period : MeasurementPeriods(component, {*earliest, Horizon()})) {
      periods.insert(period);
    }
  }
  return std::vector<Period>(periods.begin(), periods.end());
}

Evaluator::TakesBackFor Evaluator::WhoseDealsTakeBack(uint32_t participant) {
  TakesBackFor whose = TakesBackFor::kNoOne;
  for (const auto& [plan_id, history] : *reference().plans) {
    if (InPlan(participant, history)->empty()) continue;
    for (const VersionRun& run : history.runs()) {
      for (const Component& component : run.version->program.components) {
        const bool restates = component.clawback.mode == Clawback::Mode::kRestate;
        if (!restates && component.clawback.mode != Clawback::Mode::kReverse) continue;
        if (!LooksAtOwnDeals(component) || (restates && LooksFurther(component))) {
          return TakesBackFor::kOthers;
        }
        whose = TakesBackFor::kOwner;
      }
    }
  }
  return whose;
}

absl::Status Evaluator::AddDaysOfCancellations(uint32_t participant, Date last,
                                               std::set<Date>* days) {
  ASSIGN_OR_RETURN(const std::vector<Credit> credits,
                   view_.GetCredits(participant, Date::Min(), last));
  for (const Credit& credit : credits) {
    if (credit.kind == Base::Kind::kCancelled) days->insert(credit.date);
  }
  return absl::OkStatus();
}

// What is earned of cash that comes after a cancellation, or of a target that one has
// moved, is taken back on the cancellation's date, be it before the first day in a plan.
absl::StatusOr<std::optional<Date>> Evaluator::FirstDayOf(uint32_t participant) {
  std::optional<Date> first;
  for (const auto& [plan_id, history] : *reference().plans) {
    const std::optional<Date> start = InPlan(participant, history)->first();
    if (start.has_value()) first = std::min(first.value_or(*start), *start);
  }
  if (!first.has_value() || !reference().configuration.has_value()) return first;
  const TakesBackFor whose = WhoseDealsTakeBack(participant);
  if (whose == TakesBackFor::kNoOne) return first;
  std::set<Date> own;
  if (whose == TakesBackFor::kOwner) {
    RETURN_IF_ERROR(AddDaysOfCancellations(participant, *first - 1, &own));
  } else if (!cancellation_days_.has_value()) {
    cancellation_days_.emplace();
    for (uint32_t p = 0; p < reference().org->size(); ++p) {
      RETURN_IF_ERROR(AddDaysOfCancellations(p, Date::Max(), &*cancellation_days_));
    }
  }
  std::optional<Period> asked;
  for (const Date day : whose == TakesBackFor::kOwner ? own : *cancellation_days_) {
    if (*first <= day) break;
    if (asked.has_value() && asked->Contains(day)) continue;
    asked = reference().PayoutPeriodOf(day);
    ASSIGN_OR_RETURN(const Lines lines, LinesOf(participant, *asked));
    for (const EarnedLine& line : lines) first = std::min(*first, line.date);
  }
  return first;
}

bool Evaluator::IsAfterFacts(const GroupQuery& query) {
  return query.component->clawback.mode == Clawback::Mode::kRestate &&
         Horizon() < query.period.first();
}

// The lines of a version that is in force several times in the period are one line
// under its first days.
absl::Status Evaluator::AddTakenBackLines(const GroupQuery& query, Lines* lines) {
  const bool restates = query.component->clawback.mode == Clawback::Mode::kRestate;
  const bool reverses = query.component->clawback.mode == Clawback::Mode::kReverse;
  if ((!restates && !reverses) || IsAfterFacts(query)) return absl::OkStatus();
  const std::shared_ptr<const DaySet> in_plan = InPlan(query.participant, *query.history);
  Queries segments;
  for (const VersionRun& run : query.history->runs()) {
    GroupQuery segment = query;
    segment.run = run;
    segment.with_deals = reverses;
    if (run.version != query.run.version || segment.segment().empty()) continue;
    if (run.first < query.run.first) return absl::OkStatus();
    if (in_plan->Overlaps(segment.segment())) segments.push_back(segment);
  }
  if (segments.empty()) return absl::OkStatus();
  return restates ? AddRestatedLines(query, segments, lines)
                  : AddReversedLines(query, segments, lines);
}

absl::Status Evaluator::AddReversedLines(const GroupQuery& query, const Queries& segments,
                                         Lines* lines) {
  std::shared_ptr<const Group> group;
  std::map<std::string, DealAmount> deals;
  for (const GroupQuery& of : segments) {
    ASSIGN_OR_RETURN(group, MakeGroup(of, nullptr));
    if (!group->pays_money()) return absl::OkStatus();
    const Days segment = of.segment();
    ASSIGN_OR_RETURN(const std::vector<DealAmount> earned,
                     AmountsByDeal(*group, "", segment.first - 1, segment.last));
    for (const DealAmount& deal : earned) {
      deals.try_emplace(deal.deal->deal_id, DealAmount{deal.deal, 0, 0}).first->second.amount +=
          deal.amount;
    }
  }
  for (const auto& [deal_id, earned] : deals) {
    const Deal& deal = *earned.deal;
    const std::vector<Cancelled> parts = CancelledParts(deal);
    for (const Cancelled& cancelled : parts) {
      const bool is_first = &cancelled == &parts.front();
      const Rational part =
          CancelledPart(cancelled, is_first) *
          ShareTakenBack(query.component->clawback, deal.booked_on, cancelled.key.date);
      ASSIGN_OR_RETURN(const int64_t back,
                       (Rational(earned.amount) * part).Round(group->rounding()));
      if (back == 0) continue;
      EarnedLine line = StartLine(query, group, "reversed", cancelled.key.date);
      line.kind = EarnedLine::Kind::kReversed;
      AddOrigin(query, deal, cancelled.key, &line);
      line.days = {segments.front().segment().first, segments.back().segment().last};
      line.to_date = line.amount = -back;
      line.deal_id = deal.deal_id;
      line.position = cancelled.position;
      line.attributed = earned.amount;
      line.part = part;
      lines->push_back(std::move(line));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Evaluator::TotalOf(const Queries& segments,
                                           const std::optional<CancellationKey>& restated_to,
                                           std::set<CancellationKey>* cancellations,
                                           std::shared_ptr<const Group>* last) {
  int64_t total = 0;
  for (GroupQuery of : segments) {
    of.restated_to = restated_to;
    ASSIGN_OR_RETURN(*last, MakeGroup(of, cancellations));
    ASSIGN_OR_RETURN(const Amounts to_date, AmountsAt(**last, {of.segment().last}));
    ASSIGN_OR_RETURN(const Amounts before, AmountsAt(**last, {of.segment().first - 1}));
    total += to_date.total() - before.total();
  }
  return total;
}

absl::Status Evaluator::AddRestatedLines(const GroupQuery& query, const Queries& segments,
                                         Lines* lines) {
  std::set<CancellationKey> cancellations;
  std::shared_ptr<const Group> group;
  ASSIGN_OR_RETURN(int64_t before, TotalOf(segments, std::nullopt, &cancellations, &group));
  for (const CancellationKey& key : cancellations) {
    ASSIGN_OR_RETURN(const int64_t after, TotalOf(segments, key, nullptr, &group));
    if (after != before) {
      EarnedLine line = StartLine(query, group, "restated", key.date);
      line.kind = EarnedLine::Kind::kRestated;
      ASSIGN_OR_RETURN(const std::optional<uint32_t> stream, view_.FindDeal(key.deal_id));
      if (stream.has_value()) {
        ASSIGN_OR_RETURN(const std::shared_ptr<const Deal> deal, GetDeal(*stream));
        AddOrigin(query, *deal, key, &line);
      }
      line.days = {segments.front().segment().first, segments.back().segment().last};
      line.to_date = after;
      line.before = before;
      line.amount = after - before;
      line.deal_id = key.deal_id;
      line.position = key.place;
      lines->push_back(std::move(line));
    }
    before = after;
  }
  return absl::OkStatus();
}

}  // namespace payfold
