#include "tests/support/naive_evaluator.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"
#include "ledger/calendar/period.h"
#include "ledger/money/currency.h"
#include "ledger/money/rational.h"
#include "tests/support/naive_deals.h"
#include "tests/support/naive_facts.h"
#include "tests/support/naive_payout.h"

namespace payfold_testing {
namespace {

using ::payfold::Currency;
using ::payfold::Date;
using ::payfold::Period;
using ::payfold::PeriodKind;
using ::payfold::Rational;
using ::payfold::Rounding;
namespace v1 = ::payfold::v1;

// Days of a segment, inside a measurement period.
struct Run {
  Date first;
  Date last;
};

using Amounts = std::map<std::string, int64_t>;  // by element

// A measure with all that counts in it; without entries if there is none.
struct Measured {
  bool is_money = false;
  std::vector<NaiveEntry> entries;
};

// One component of one plan version, for one participant and measurement period.
class Group {
 public:
  // `own` is the component's measure, `by` that of its bands' `by`.
  Group(const NaiveFacts& facts, std::string participant, const NaiveVersion& version,
        const v1::Component& component, Period period, const Measured& own, const Measured& by)
      : facts_(facts),
        participant_(std::move(participant)),
        version_(version),
        plan_(version.plan),
        component_(component),
        period_(period),
        own_(own),
        by_(by),
        segments_(Segments()),
        minor_per_major_(Currency::Parse(version.plan.currency())->minor_per_major()) {
    if (segments_.empty()) return;  // nothing to say about the rest
    for (Date d = period_.first(); d <= period_.last(); d = d + 1) {
      if (InPlan(d)) days_in_plan_.push_back(d);
    }
    if (component.payout().has_bands()) ReadTargets();
  }

  std::vector<NaiveLine> Lines() const {
    std::vector<NaiveLine> lines;
    for (const Run& run : segments_) {
      const bool in_plan = std::any_of(days_in_plan_.begin(), days_in_plan_.end(),
                                       [&](Date d) { return run.first <= d && d <= run.last; });
      if (!in_plan && !HasCancellation(run)) continue;
      if (IsRunning()) {
        AddRunning(run, in_plan, &lines);
      } else {
        const Amounts amounts = Change(run, run.first - 1, run.last, in_plan);
        AddLines(amounts, run, facts_.PayoutContaining(period_.last()), period_.last(), &lines);
      }
    }
    return lines;
  }

 private:
  bool InPlan(Date d) const { return facts_.InPlan(participant_, plan_.plan_id(), d); }

  bool IsRunning() const {
    if (component_.evaluate() != v1::Component::EVALUATE_UNSPECIFIED) {
      return component_.evaluate() == v1::Component::RUNNING;
    }
    return !component_.payout().has_fixed();
  }

  // The runs of days of the period on which the version is in force.
  std::vector<Run> Segments() const {
    std::vector<Run> runs;
    for (Date d = period_.first(); d <= period_.last(); d = d + 1) {
      const NaiveVersion* in_force = facts_.VersionOn(plan_.plan_id(), d);
      if (in_force == nullptr || in_force->number != version_.number) continue;
      if (runs.empty() || runs.back().last + 1 != d) runs.push_back({d, d});
      runs.back().last = d;
    }
    return runs;
  }

  bool HasCancellation(const Run& run) const {
    const auto is_in_run = [&](const NaiveEntry& entry) {
      return entry.is_cancellation && run.first <= entry.date && entry.date <= run.last &&
             !entry.value.is_zero();
    };
    return std::any_of(own_.entries.begin(), own_.entries.end(), is_in_run) ||
           std::any_of(by_.entries.begin(), by_.entries.end(), is_in_run);
  }

  // A line per element for each payout period that the run meets.
  void AddRunning(const Run& run, bool in_plan, std::vector<NaiveLine>* lines) const {
    Date first = run.first;
    while (first <= run.last) {
      const Period payout = facts_.PayoutContaining(first);
      const Date last = std::min(payout.last(), run.last);
      AddLines(Change(run, first - 1, last, in_plan), run, payout, last, lines);
      first = last + 1;
    }
  }

  // What each element changed from one evening to another, inside the run.
  Amounts Change(const Run& run, Date from, Date to, bool in_plan) const {
    const Amounts base = AmountsTo(run.first - 1);
    const auto since = [&](Date e) {
      Amounts amounts = AmountsTo(e);
      for (const auto& [element, amount] : base) amounts[element] -= amount;
      if (!in_plan) {
        for (auto& entry : amounts) entry.second = std::min<int64_t>(0, entry.second);
      }
      return amounts;
    };
    Amounts change = since(to);
    for (const auto& [element, amount] : since(from)) change[element] -= amount;
    return change;
  }

  void AddLines(const Amounts& amounts, const Run& run, const Period& payout, Date date,
                std::vector<NaiveLine>* lines) const {
    const Date could_begin =
        IsRunning() ? std::max(payout.first(), period_.first()) : period_.first();
    const bool begins_later = run.first > could_begin;
    for (const auto& [element, amount] : amounts) {
      if (amount == 0) continue;
      lines->push_back({.participant_id = participant_,
                        .plan_id = plan_.plan_id(),
                        .component_id = component_.component_id(),
                        .measurement_period = facts_.calendar().Label(period_),
                        .element = element,
                        .payout_period = facts_.calendar().Label(payout),
                        .date = date.ToString(),
                        .minor_units = amount,
                        .plan_version = version_.number,
                        .segment_start = begins_later ? run.first.ToString() : ""});
    }
  }

  // The amounts to date at day e.
  Amounts AmountsTo(Date e) const {
    if (e < period_.first()) return {};
    if (!days_in_plan_.empty() && e < days_in_plan_.front()) return {};
    const v1::Payout& payout = component_.payout();
    if (payout.has_per_deal()) return PerDealAmounts(e);
    Amounts amounts;
    if (payout.has_rate()) {
      amounts["rate"] = Rounded(NaiveNumber(payout.rate()) * Sum(own_, e));
    } else if (payout.has_per_unit()) {
      amounts["per_unit"] = Rounded(NaiveNumber(payout.per_unit()) * Sum(own_, e));
    } else if (payout.has_fixed()) {
      amounts["fixed"] = Rounded(NaiveNumber(payout.fixed()));
    } else if (payout.has_bands()) {
      int number = 0;
      for (const Rational& amount : BandAmounts(payout.bands(), PayAt(e))) {
        amounts[absl::StrCat("band", ++number)] = Rounded(amount);
      }
    }
    return amounts;
  }

  Amounts PerDealAmounts(Date e) const {
    std::map<std::string, std::pair<Rational, Rational>> credits;  // on the eve, to date
    for (const NaiveEntry& entry : own_.entries) {
      if (entry.date < period_.first()) credits[entry.deal_id].first += entry.value;
      if (entry.date <= e) credits[entry.deal_id].second += entry.value;
    }
    const v1::PerDeal& f = component_.payout().per_deal();
    Amounts amounts;
    for (const auto& [deal_id, credit] : credits) {
      const auto& [eve, to_date] = credit;
      amounts[absl::StrCat("deal:", deal_id)] = Rounded(
          PerDealAmount(f, to_date / minor_per_major_) - PerDealAmount(f, eve / minor_per_major_));
    }
    return amounts;
  }

  // What does not change inside the period.
  void ReadTargets() {
    targets_.incentive = TargetIncentive();
    if (component_.has_target()) {
      targets_.target = TargetValue(component_.target(), own_.is_money);
    }
    const v1::MeasureAndTarget& by = component_.payout().bands().by();
    if (by.has_target()) targets_.by_target = TargetValue(by.target(), Chooser().is_money);
  }

  // What chooses the band of `by`.
  const Measured& Chooser() const {
    return component_.payout().bands().by().has_measure() ? by_ : own_;
  }

  NaivePay PayAt(Date e) const {
    NaivePay pay = targets_;
    pay.measure = Sum(own_, e);
    pay.by_measure = Sum(Chooser(), e);
    return pay;
  }

  // The measure of the period up to e: major units, or a plain number.
  Rational Sum(const Measured& measured, Date e) const {
    Rational sum;
    for (const NaiveEntry& entry : measured.entries) {
      if (period_.first() <= entry.date && entry.date <= e) sum += entry.value;
    }
    return measured.is_money ? sum / minor_per_major_ : sum;
  }

  // The days over which quotas and target incentives are averaged: those in the
  // plan in the period; of a leaver the last one before.
  std::vector<Date> BlendDays() const {
    if (!days_in_plan_.empty()) return days_in_plan_;
    const std::optional<Date> earliest = facts_.FirstDay();
    for (Date d = period_.first() - 1; earliest.has_value() && d >= *earliest; d = d - 1) {
      if (InPlan(d)) return {d};
    }
    return {};
  }

  std::optional<Rational> TargetValue(const v1::Target& target, bool is_money) const {
    if (target.has_fixed()) return NaiveNumber(target.fixed().value());
    const std::vector<Date> days = BlendDays();
    if (days.empty()) return std::nullopt;
    std::map<std::string, std::optional<Rational>> quota_of_team;
    Rational sum;
    for (const Date d : days) {
      const std::string& team = facts_.StateOn(participant_, d)->team();
      const auto [it, is_new] = quota_of_team.try_emplace(team);
      if (is_new) {
        it->second = facts_.Quota(target.quota().metric(), participant_, team, period_);
      }
      if (!it->second.has_value()) return std::nullopt;
      sum += *it->second;
    }
    const Rational average = sum / Rational(static_cast<int64_t>(days.size()));
    return is_money ? average / minor_per_major_ : average;
  }

  // In major units; of the component and the measurement period.
  Rational TargetIncentive() const {
    Rational sum;
    const std::vector<Date> days = BlendDays();
    for (const Date d : days) {
      const v1::PlanAssigned* assignment = facts_.AssignmentOn(plan_.plan_id(), participant_, d);
      if (assignment == nullptr || !assignment->has_target_incentive()) continue;
      if (assignment->target_incentive().currency() != plan_.currency()) continue;
      sum += assignment->target_incentive().minor_units();
    }
    if (days.empty()) return 0;
    const Rational annual = sum / Rational(static_cast<int64_t>(days.size())) / minor_per_major_;
    const Rational weight = component_.weight().empty() ? 1 : NaiveNumber(component_.weight());
    return annual * ShareOfYear() * weight;
  }

  Rational ShareOfYear() const {
    if (!component_.target_weights().empty()) {
      const std::string label = facts_.calendar().Label(period_);
      constexpr size_t kYearAndDash = 5;
      if (period_.kind() == PeriodKind::kWindow || label.size() < kYearAndDash) return 0;
      const auto found = component_.target_weights().find(label.substr(kYearAndDash));
      return found == component_.target_weights().end() ? Rational(0) : NaiveNumber(found->second);
    }
    switch (period_.kind()) {
      case PeriodKind::kHalfMonth:
        return Rational::Of(1, 24);
      case PeriodKind::kMonth:
        return Rational::Of(1, 12);
      case PeriodKind::kQuarter:
        return Rational::Of(3, 12);
      case PeriodKind::kHalf:
        return Rational::Of(6, 12);
      case PeriodKind::kYear:
        return 1;
      default:
        return Rational::Of(period_.days(), facts_.calendar().FiscalYearOf(period_).days());
    }
  }

  int64_t Rounded(const Rational& major) const {
    const absl::StatusOr<int64_t> rounded =
        (major * minor_per_major_)
            .Round(plan_.rounding() == v1::HALF_EVEN ? Rounding::kHalfEven : Rounding::kHalfUp);
    CHECK(rounded.ok());
    return *rounded;
  }

  const NaiveFacts& facts_;
  const std::string participant_;
  const NaiveVersion& version_;
  const v1::Plan& plan_;
  const v1::Component& component_;
  const Period period_;
  const Measured& own_;
  const Measured& by_;
  const std::vector<Run> segments_;
  const Rational minor_per_major_;
  std::vector<Date> days_in_plan_;
  NaivePay targets_;
};

// The measurement periods that hold a day from `first` to `last`.
std::vector<Period> MeasurementPeriods(const NaiveFacts& facts, const v1::Component& component,
                                       Date first, Date last) {
  if (!component.window().empty()) {
    const absl::StatusOr<Period> window = facts.calendar().Parse(component.window());
    CHECK(window.ok());
    return {*window};
  }
  std::vector<Period> periods;
  for (Date d = first; d <= last; d = periods.back().last() + 1) {
    // The kinds of the message are those of the calendar, one later.
    periods.push_back(component.period() == v1::PERIOD_KIND_UNSPECIFIED
                          ? facts.PayoutContaining(d)
                          : facts.calendar().Containing(
                                static_cast<PeriodKind>(component.period() - v1::DAY), d));
  }
  return periods;
}

// Reads measures and lists the lines of all groups of one log.
class Evaluation {
 public:
  Evaluation(const NaiveFacts& facts, Date first, Date horizon)
      : facts_(facts), deals_(NaiveDeals(facts)), first_(first), horizon_(horizon) {}

  std::vector<NaiveLine> Lines() const {
    std::vector<NaiveLine> lines;
    for (const std::string& plan_id : facts_.plans()) {
      for (const NaiveVersion& version : facts_.VersionsOf(plan_id)) {
        for (const v1::Component& component : version.plan.components()) {
          for (const std::string& participant : facts_.participants()) {
            AddLines(version, component, participant, &lines);
          }
        }
      }
    }
    return lines;
  }

 private:
  void AddLines(const NaiveVersion& version, const v1::Component& component,
                const std::string& participant, std::vector<NaiveLine>* lines) const {
    const auto read = [&](const v1::Measure& measure) -> Measured {
      if (!measure.has_deals()) return {};
      v1::Scope scope = measure.scope();
      if (scope == v1::SCOPE_UNSPECIFIED) scope = component.scope();
      if (scope == v1::SCOPE_UNSPECIFIED) scope = v1::OWN;
      return {IsMoney(measure.deals()),
              NaiveEntries(facts_, deals_, participant, version.plan, measure.deals(), scope)};
    };
    const Measured own = read(component.measure());
    const Measured by = read(component.payout().bands().by().measure());
    for (const Period& period : MeasurementPeriods(facts_, component, first_, horizon_)) {
      const Group group(facts_, participant, version, component, period, own, by);
      for (const NaiveLine& line : group.Lines()) {
        if (line.date <= horizon_.ToString()) lines->push_back(line);
      }
    }
  }

  const NaiveFacts& facts_;
  const std::vector<NaiveDeal> deals_;
  const Date first_;
  const Date horizon_;
};

}  // namespace

std::vector<NaiveLine> NaiveLines(const std::vector<v1::Event>& events, Date horizon) {
  const NaiveFacts facts(events);
  const std::optional<Date> first = facts.FirstDay();
  if (!facts.is_configured() || !first.has_value()) return {};
  std::vector<NaiveLine> lines = Evaluation(facts, *first, horizon).Lines();
  std::sort(lines.begin(), lines.end(),
            [](const NaiveLine& a, const NaiveLine& b) { return ToText(a) < ToText(b); });
  return lines;
}

std::string ToText(const NaiveLine& line) {
  return absl::StrCat(line.participant_id, "/", line.plan_id, "/", line.component_id, "/",
                      line.measurement_period, "/", line.element, "/", line.payout_period,
                      line.segment_start.empty() ? "" : "@", line.segment_start, " ", line.date,
                      " ", line.minor_units, " v", line.plan_version);
}

std::string ToText(const std::vector<NaiveLine>& lines) {
  std::string text;
  for (const NaiveLine& line : lines) absl::StrAppend(&text, ToText(line), "\n");
  return text;
}

}  // namespace payfold_testing
