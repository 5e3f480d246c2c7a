#include "tests/support/naive_lines.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace payfold_testing {
namespace {

using ::payfold::Date;
using ::payfold::Period;
using ::payfold::PeriodKind;
using ::payfold::Rational;
namespace v1 = ::payfold::v1;

// Over deals, metric SUM, COUNT, COUNT_DISTINCT and sums of these.
bool IsRunningMeasure(const v1::Measure& measure) {
  switch (measure.kind_case()) {
    case v1::Measure::kDeals:
      return true;
    case v1::Measure::kMetric:
      return measure.metric().aggregate() <= v1::MetricMeasure::COUNT ||
             measure.metric().aggregate() == v1::MetricMeasure::COUNT_DISTINCT;
    case v1::Measure::kSum:
      return std::all_of(measure.sum().measures().begin(), measure.sum().measures().end(),
                         IsRunningMeasure);
    default:
      return false;
  }
}

bool IsRunning(const v1::Component& component) {
  if (component.evaluate() != v1::Component::EVALUATE_UNSPECIFIED) {
    return component.evaluate() == v1::Component::RUNNING;
  }
  const v1::Payout& payout = component.payout();
  const bool runs = payout.has_rate() || payout.has_per_unit() || payout.has_bands() ||
                    payout.has_curve() || payout.has_per_deal();
  if (!runs || !IsRunningMeasure(component.measure())) return false;
  if (!component.multipliers().empty() || component.target().has_population()) return false;
  return std::all_of(component.gates().begin(), component.gates().end(), [](const v1::Gate& gate) {
    if (!gate.component().empty() || gate.target().has_population()) return false;
    return !gate.has_measure() || IsRunningMeasure(gate.measure());
  });
}

std::string RewardName(const v1::Reward& reward) {
  switch (reward.kind_case()) {
    case v1::Reward::kPoints:
      return "points";
    case v1::Reward::kBadge:
      return reward.badge().badge_id();
    case v1::Reward::kItem:
      return reward.item().name();
    default:
      return "";
  }
}

// The share of what a deal was attributed that its cancellation takes back.
Rational ShareTakenBack(const v1::Clawback& clawback, const NaiveDeal& deal,
                        const NaiveChange& cancellation) {
  // Of a deal without amount the first cancellation takes everything.
  const Rational cancelled =
      cancellation.deal_amount > 0
          ? Rational(cancellation.amount) / Rational(cancellation.deal_amount)
          : Rational(cancellation.number == 1 ? 1 : 0);
  const int days = cancellation.date - deal.booked_on;
  const int months = payfold::WholeMonths(deal.booked_on, cancellation.date);
  if (clawback.window_days() > 0 && days > clawback.window_days()) return 0;
  if (clawback.window_months() > 0 &&
      cancellation.date > deal.booked_on.AddMonths(clawback.window_months())) {
    return 0;
  }
  if (clawback.linear() && clawback.window_days() > 0) {
    return cancelled * Rational::Of(clawback.window_days() - days, clawback.window_days());
  }
  if (clawback.linear()) {
    return cancelled * Rational::Of(clawback.window_months() - months, clawback.window_months());
  }
  if (clawback.schedule().empty()) return cancelled;
  for (const v1::ClawbackStep& step : clawback.schedule()) {
    if (days < step.upto()) return cancelled * NaiveNumber(step.percent());
  }
  return 0;
}

}  // namespace

NaiveLineMaker::NaiveLineMaker(const NaiveFacts& facts, Date horizon)
    : facts_(facts), measures_(facts, this), groups_(measures_) {
  first_ = facts.FirstDay().value_or(horizon);
  std::optional<Date> last_fact;
  const auto note = [&](Date d) { last_fact = std::max(last_fact.value_or(d), d); };
  for (const NaiveDeal& deal : measures_.deals()) {
    note(deal.booked_on);
    for (const auto* changes : {&deal.changes, &deal.invoices, &deal.payments}) {
      for (const NaiveChange& change : *changes) {
        if (change.is_cancellation) cancellations_.emplace_back(&deal, &change);
      }
    }
  }
  for (const NaiveMetric& metric : facts.metrics()) note(metric.date);
  for (const v1::Event* event : facts.live()) {
    const std::string stated = event->has_deal_amended() ? event->deal_amended().amended_on()
                               : event->has_deal_cancelled()
                                   ? event->deal_cancelled().cancelled_on()
                               : event->has_deal_invoiced()     ? event->deal_invoiced().date()
                               : event->has_payment_collected() ? event->payment_collected().date()
                                                                : "";
    if (!stated.empty()) note(*Date::Parse(stated));
  }
  const Date last = std::max(horizon, last_fact.value_or(horizon));
  last_ = facts.calendar().Containing(PeriodKind::kYear, last).last();
  std::sort(cancellations_.begin(), cancellations_.end(), [](const auto& a, const auto& b) {
    return a.second->ledger_number < b.second->ledger_number;
  });
  horizon_ = last_fact.has_value() ? LongestPeriodEnd(*last_fact) : Date::Min();
}

Date NaiveLineMaker::LongestPeriodEnd(Date d) const {
  Date end = facts_.PayoutContaining(d).last();
  for (const std::string& plan_id : facts_.plans()) {
    for (const NaiveVersion& version : facts_.VersionsOf(plan_id)) {
      if (!facts_.IsEverInForce(version)) continue;
      for (const v1::Component& component : version.plan.components()) {
        const Period period = measures_.MeasurementPeriod(component, d);
        if (period.Contains(d)) end = std::max(end, period.last());
      }
    }
  }
  return end;
}

const std::vector<NaiveLine>& NaiveLineMaker::LinesOf(const std::string& plan_id,
                                                      const std::string& component_id) {
  const auto found = lines_.find({plan_id, component_id});
  if (found != lines_.end()) return found->second;
  std::vector<NaiveLine> lines;
  const std::vector<std::string> plans = facts_.plans();
  if (std::find(plans.begin(), plans.end(), plan_id) != plans.end()) {
    for (const NaiveVersion& version : facts_.VersionsOf(plan_id)) {
      for (const v1::Component& component : version.plan.components()) {
        if (component.component_id() != component_id) continue;
        for (const std::string& participant : facts_.participants()) {
          AddLines(version, component, participant, &lines);
        }
      }
    }
  }
  return lines_[{plan_id, component_id}] = lines;
}

void NaiveLineMaker::AddLines(const NaiveVersion& version, const v1::Component& component,
                              const std::string& participant, std::vector<NaiveLine>* lines) {
  const Period always = Period::Window(first_, last_);
  // Whoever is never in the plan is no leaver either.
  if (measures_.DaysInPlan(participant, version.plan.plan_id(), always).empty()) return;
  for (Date d = first_; d <= last_;) {
    const Period period = measures_.MeasurementPeriod(component, d);
    const Work work = {version, component, participant, period, groups_.Runs(version, period)};
    if (!work.runs.empty()) {
      AddOrdinary(work, lines);
      const bool restates = component.clawback().mode() == v1::Clawback::RESTATE;
      if (restates && period.first() <= horizon_) AddRestated(work, lines);
      if (component.clawback().mode() == v1::Clawback::REVERSE) AddReversed(work, lines);
    }
    if (!component.window().empty()) return;
    d = period.last() + 1;
  }
}

bool NaiveLineMaker::IsInPlan(const Work& work, const NaiveRun& run) const {
  const std::vector<Date>& days =
      measures_.DaysInPlan(work.participant, work.version.plan.plan_id(), work.period);
  return std::any_of(days.begin(), days.end(),
                     [&](Date d) { return run.first <= d && d <= run.last; });
}

NaiveGroup& NaiveLineMaker::GroupOf(const Work& work, const NaiveRun& run, int cancellations) {
  return groups_.For(work.participant, work.version, work.component, work.period, run,
                     cancellations);
}

NaiveLineMaker::Amounts NaiveLineMaker::Since(const Work& work, const NaiveRun& run, Date e,
                                              int cancellations, size_t steps) {
  NaiveGroup& group = GroupOf(work, run, cancellations);
  Amounts amounts;
  for (const auto& [element, amount] : group.AmountsTo(e, steps)) amounts[element] += amount;
  for (const auto& [element, amount] : group.AmountsTo(run.first - 1, steps)) {
    amounts[element] -= amount;
  }
  if (!IsInPlan(work, run)) {  // of a leaver
    for (auto& entry : amounts) entry.second = std::min<int64_t>(0, entry.second);
  }
  return amounts;
}

NaiveLineMaker::Amounts NaiveLineMaker::Attributed(const Work& work, const NaiveRun& run, Date e,
                                                   int cancellations, const std::string& element) {
  const std::vector<NaiveStep>& steps = GroupOf(work, run, cancellations).Steps();
  const auto sum_after = [&](size_t step) {
    int64_t sum = 0;
    for (const auto& [name, amount] : Since(work, run, e, cancellations, step)) {
      if (element.empty() || element == name) sum += amount;
    }
    return sum;
  };
  Amounts by_deal;
  int64_t before = sum_after(0);
  for (size_t i = 0; i < steps.size() && steps[i].first <= e; ++i) {
    const int64_t after = sum_after(i + 1);
    by_deal[steps[i].second] += after - before;
    before = after;
  }
  return by_deal;
}

NaiveLine NaiveLineMaker::NewLine(const Work& work, const NaiveRun& run, Date could_begin) const {
  NaiveLine line;
  line.participant_id = work.participant;
  line.plan_id = work.version.plan.plan_id();
  line.component_id = work.component.component_id();
  line.measurement_period = facts_.calendar().Label(work.period);
  line.plan_version = work.version.number;
  line.segment_start = run.first > could_begin ? run.first.ToString() : "";
  line.currency = work.version.plan.currency();
  line.reward = RewardName(work.component.reward());
  return line;
}

void NaiveLineMaker::AddOrdinary(const Work& work, std::vector<NaiveLine>* lines) {
  const bool restates = work.component.clawback().mode() == v1::Clawback::RESTATE;
  // Nobody has earned anything after the last fact before it.
  const bool is_after_facts = horizon_ < work.period.first();
  const int applied = restates && !is_after_facts ? 0 : measures_.cancellations();
  const bool waits_for_cash = std::any_of(
      work.component.schedule().begin(), work.component.schedule().end(),
      [](const v1::Instalment& part) { return part.due() == v1::Instalment::COLLECTED; });
  // A line for each element that changed from one evening to another.
  const auto add = [&](const NaiveRun& run, Date from, Date to, Date date, Date could_begin) {
    Amounts change = Since(work, run, to, applied);
    for (const auto& [element, amount] : Since(work, run, from, applied)) {
      change[element] -= amount;
    }
    const bool is_zero = std::all_of(change.begin(), change.end(),
                                     [](const auto& entry) { return entry.second == 0; });
    if (is_zero) return;
    for (const auto& [element, amount] : change) {
      if (amount == 0) continue;
      NaiveLine line = NewLine(work, run, could_begin);
      line.element = element;
      line.payout_period = facts_.calendar().Label(facts_.PayoutContaining(date));
      line.date = date.ToString();
      line.minor_units = amount;
      if (waits_for_cash) {
        line.attributed = Attributed(work, run, to, applied, element);
        for (const auto& [deal_id, part] : Attributed(work, run, from, applied, element)) {
          line.attributed[deal_id] -= part;
        }
      }
      for (const NaiveStep& step : GroupOf(work, run, applied).Steps()) {
        std::vector<std::string>& order = line.credit_order;
        const bool is_new = std::find(order.begin(), order.end(), step.second) == order.end();
        if (waits_for_cash && is_new) order.push_back(step.second);
      }
      lines->push_back(line);
    }
  };
  for (const NaiveRun& run : work.runs) {
    if (!IsInPlan(work, run) && !GroupOf(work, run, applied).HasCancellation(run)) continue;
    if (!IsRunning(work.component)) {
      add(run, run.first - 1, run.last, work.period.last(), work.period.first());
      continue;
    }
    for (Date first = run.first; first <= run.last;) {
      const Period payout = facts_.PayoutContaining(first);
      const Date last = std::min(payout.last(), run.last);
      add(run, first - 1, last, last, std::max(payout.first(), work.period.first()));
      first = last + 1;
    }
  }
}

int64_t NaiveLineMaker::TotalOf(const Work& work, int cancellations) {
  int64_t total = 0;
  for (const NaiveRun& run : work.runs) {
    if (!IsInPlan(work, run)) continue;
    for (const auto& entry : Since(work, run, run.last, cancellations)) total += entry.second;
  }
  return total;
}

// What each cancellation changes of the period's total.
void NaiveLineMaker::AddRestated(const Work& work, std::vector<NaiveLine>* lines) {
  int64_t before = TotalOf(work, 0);
  for (const auto& [deal, cancellation] : cancellations_) {
    const int64_t after = TotalOf(work, cancellation->ledger_number);
    if (after != before) {
      NaiveLine line = NewLine(work, work.runs.front(), work.period.first());
      line.element = "restated";
      line.payout_period = facts_.calendar().Label(facts_.PayoutContaining(cancellation->date));
      line.date = cancellation->date.ToString();
      line.minor_units = after - before;
      line.origin = absl::StrCat("~", deal->deal_id, ".", cancellation->number);
      line.attributed[deal->deal_id] = line.minor_units;
      line.credit_order = {deal->deal_id};
      lines->push_back(line);
    }
    before = after;
  }
}

void NaiveLineMaker::AddReversed(const Work& work, std::vector<NaiveLine>* lines) {
  if (!work.component.reward().has_money() &&
      work.component.reward().kind_case() != v1::Reward::KIND_NOT_SET) {
    return;  // only money is attributed to deals
  }
  Amounts attributed;
  for (const NaiveRun& run : work.runs) {
    if (!IsInPlan(work, run)) continue;
    for (const auto& [deal_id, amount] :
         Attributed(work, run, run.last, measures_.cancellations(), "")) {
      attributed[deal_id] += amount;
    }
  }
  for (const auto& [deal, cancellation] : cancellations_) {
    const auto found = attributed.find(deal->deal_id);
    if (found == attributed.end()) continue;
    const Rational share = ShareTakenBack(work.component.clawback(), *deal, *cancellation);
    const int64_t taken = NaiveRound(Rational(found->second) * share, work.version.plan);
    if (taken == 0) continue;
    NaiveLine line = NewLine(work, work.runs.front(), work.period.first());
    line.element = "reversed";
    line.payout_period = facts_.calendar().Label(facts_.PayoutContaining(cancellation->date));
    line.date = cancellation->date.ToString();
    line.minor_units = -taken;
    line.origin = absl::StrCat("~", deal->deal_id, ".", cancellation->number);
    line.attributed[deal->deal_id] = line.minor_units;
    line.credit_order = {deal->deal_id};
    lines->push_back(line);
  }
}

}  // namespace payfold_testing
