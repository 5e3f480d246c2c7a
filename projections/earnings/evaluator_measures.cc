// How the evaluator takes measures: from the facts to what counts.
//
// Source: specification, calculation 3 (what counts) and 5.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/deal_measure.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/metric_measure.h"

namespace payfold {
namespace {

std::shared_ptr<const DaySet> AllDays() {
  static const std::shared_ptr<const DaySet>& days =
      *new std::shared_ptr<const DaySet>(new DaySet({Date::Min(), Date::Max()}));
  return days;
}

}  // namespace

MeasureContext Evaluator::ContextOf(const Taking& taking, const Measure& measure) {
  MeasureContext context(taking.terms);
  context.view = &view_;
  context.counts = taking.counts.get();
  context.members = taking.members != nullptr
                        ? taking.members.get()
                        : MembersInScope(taking.participant, measure.scope).get();
  context.text_of = taking.text_of;
  context.deal = [this](uint32_t stream) { return GetDeal(stream); };
  context.exception = [this, version = taking.version](const Deal& deal, const absl::Status& why) {
    AddException(absl::IsNotFound(why) ? "MISSING_RATE" : "OVERFLOW", deal.bases.front().position,
                 deal.deal_id,
                 absl::StrCat("part of deal ", deal.deal_id, " counts for nothing in plan ",
                              version->program.plan_id, ": ", why.message()));
  };
  if (taking.cancellations != nullptr) {
    context.cancellation = [seen = taking.cancellations](const CancellationKey& key) {
      seen->insert(key);
    };
  }
  return context;
}

absl::StatusOr<Taken> Evaluator::Take(const Taking& taking, const Measure& measure) {
  Taken taken;
  taken.measure = &measure;
  switch (measure.kind) {
    case Measure::Kind::kDeals: {
      const MeasureContext context = ContextOf(taking, measure);
      const bool needs_deals = taking.with_deals || measure.value == DealValue::kCountDistinct;
      ASSIGN_OR_RETURN(taken.facts, needs_deals
                                        ? Contributions(context, measure, taking.days, false)
                                        : DailyContributions(context, measure, taking.days));
      break;
    }
    case Measure::Kind::kMetric: {
      ASSIGN_OR_RETURN(taken.facts,
                       MetricContributions(ContextOf(taking, measure), measure, taking.days));
      break;
    }
    case Measure::Kind::kEarnings: {
      ASSIGN_OR_RETURN(taken.facts, EarningsFacts(taking, measure));
      break;
    }
    case Measure::Kind::kPeriods:
      return TakePeriods(taking, measure);
    case Measure::Kind::kAttribute:
      taken.levels = AttributeLevels(taking, measure.name);
      break;
    case Measure::Kind::kGrowth: {
      Period before = taking.period;
      for (int i = 0; i < measure.periods_back; ++i) {
        before = reference().calendar().Previous(before);
      }
      Taking earlier = TakingIn(taking, taking.participant, before, true);
      earlier.members = taking.members;
      ASSIGN_OR_RETURN(const Taken then, Take(earlier, measure.parts[0]));
      taken.before = ValueAt(then, {before.last()}, taking.terms.currency);
      ASSIGN_OR_RETURN(Taken now, Take(taking, measure.parts[0]));
      taken.parts.push_back(std::move(now));
      break;
    }
    case Measure::Kind::kRatio:
    case Measure::Kind::kSum:
      for (const Measure& part : measure.parts) {
        ASSIGN_OR_RETURN(Taken of_part, Take(taking, part));
        taken.parts.push_back(std::move(of_part));
      }
      break;
  }
  taken.AddUp();
  return taken;
}

absl::StatusOr<Taken> Evaluator::TakePeriods(const Taking& taking, const Measure& measure) {
  Taken taken;
  taken.measure = &measure;
  for (const Period& period : reference().calendar().Overlapping(
           measure.sub_period, taking.days.first, taking.days.last)) {
    if (!taking.days.Contains(period.last())) continue;
    Taking part = taking;
    part.period = period;
    part.days = DaysOf(period);
    ASSIGN_OR_RETURN(Taken of_part, Take(part, measure.parts[0]));
    taken.parts.push_back(std::move(of_part));
    taken.sub_periods.push_back(period);
  }
  return taken;
}

absl::StatusOr<Rational> Evaluator::InPlanCurrency(const Taking& taking, const EarnedLine& line) {
  const Currency from = line.program().currency;
  const DealTerms& terms = taking.terms;
  if (from == terms.currency) return Rational(line.amount);
  const absl::StatusOr<Rational> factor =
      MinorUnitFactor(reference(), from, terms.currency, terms.RateDay(line.date));
  if (!factor.ok()) {
    AddException("MISSING_RATE", 0, line.line_id,
                 absl::StrCat("the line counts for nothing in plan ",
                              taking.version->program.plan_id, ": ", factor.status().message()));
    return Rational(0);
  }
  ASSIGN_OR_RETURN(const int64_t amount, (Rational(line.amount) * *factor).Round(terms.rounding));
  return Rational(amount);
}

absl::StatusOr<std::vector<Contribution>> Evaluator::EarningsFacts(const Taking& taking,
                                                                   const Measure& measure) {
  std::vector<Contribution> facts;
  const std::shared_ptr<const Members> members =
      taking.members != nullptr ? taking.members
                                : MembersInScope(taking.participant, measure.scope);
  for (const auto& [member, membership] : *members) {
    for (const ComponentRef& ref : measure.components) {
      const auto plan = reference().plans->find(ref.plan_id);
      if (plan == reference().plans->end()) continue;
      Lines lines;
      for (const VersionRun& run : plan->second.runs()) {
        for (const Component& component : run.version->program.components) {
          if (component.component_id != ref.component_id) continue;
          GroupQuery query{member, &plan->second, run, &component};
          RETURN_IF_ERROR(AddComponentLines(query, taking.days, &lines));
        }
      }
      for (const EarnedLine& line : lines) {
        if (!line.is_money() || line.amount == 0 || !membership.Contains(line.date) ||
            !taking.counts->Contains(line.date)) {
          continue;
        }
        Contribution fact;
        fact.date = line.date;
        ASSIGN_OR_RETURN(fact.value, InPlanCurrency(taking, line));
        facts.push_back(std::move(fact));
      }
    }
  }
  std::stable_sort(facts.begin(), facts.end(),
                   [](const Contribution& a, const Contribution& b) { return a.date < b.date; });
  return facts;
}

std::vector<std::pair<Date, std::optional<Rational>>> Evaluator::AttributeLevels(
    const Taking& taking, const std::string& name) {
  std::vector<std::pair<Date, std::optional<Rational>>> levels;
  const std::shared_ptr<const DaySet> counts =
      taking.history == nullptr ? taking.counts : InPlan(taking.participant, *taking.history);
  DaySet days;
  const std::optional<Date> before = counts->LastBefore(taking.days.first);
  if (before.has_value()) days.Add({*before, *before});
  const DaySet since = *counts & taking.days;
  for (const Days& run : since.runs()) days.Add(run);
  const std::vector<ParticipantState>& states = reference().org->States(taking.participant);
  for (size_t i = 0; i < states.size(); ++i) {
    const Date last = i + 1 < states.size() ? states[i + 1].from - 1 : Date::Max();
    const std::optional<Date> first = (days & Days{states[i].from, last}).first();
    if (!first.has_value()) continue;
    std::optional<Rational> value;
    const auto at = states[i].attributes.find(name);
    if (at != states[i].attributes.end()) {
      const absl::StatusOr<Decimal> number = Decimal::Parse(at->second);
      if (number.ok()) value = Rational(*number);
    }
    levels.emplace_back(*first, std::move(value));
  }
  return levels;
}

Evaluator::Taking Evaluator::TakingIn(const Taking& taking, uint32_t participant,
                                      const Period& period, bool all_facts) {
  Taking other = taking;
  other.participant = participant;
  other.period = period;
  other.days = DaysOf(period);
  other.members = nullptr;
  other.with_deals = false;
  other.text_of = "";
  other.counts = all_facts ? AllDays() : InPlan(participant, *taking.history);
  return other;
}

absl::StatusOr<std::shared_ptr<const Taken>> Evaluator::TakeShared(const Taking& taking,
                                                                   const Measure& measure) {
  const bool all_facts = taking.counts == AllDays();
  const bool restated =
      taking.terms.clawback == Clawback::Mode::kRestate && taking.terms.restated_to.has_value();
  const bool keeps = taking.cancellations == nullptr && !restated;
  const auto key = std::make_tuple(taking.participant, taking.version, &measure, taking.period,
                                   taking.days.first, taking.days.last, all_facts);
  if (keeps) {
    const auto at = taken_.find(key);
    if (at != taken_.end()) return at->second;
  }
  ASSIGN_OR_RETURN(Taken taken, Take(taking, measure));
  auto shared = std::make_shared<const Taken>(std::move(taken));
  if (keeps) taken_.emplace(key, shared);
  return shared;
}

}  // namespace payfold
