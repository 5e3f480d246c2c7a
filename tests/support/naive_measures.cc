#include "tests/support/naive_measures.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"
#include "ledger/money/currency.h"
#include "ledger/money/decimal.h"

namespace payfold_testing {
namespace {

using ::payfold::Currency;
using ::payfold::Date;
using ::payfold::Decimal;
using ::payfold::Period;
using ::payfold::PeriodKind;
using ::payfold::Rational;
namespace v1 = ::payfold::v1;

Rational MinorPerMajor(const NaiveQuestion& question) {
  return Currency::Parse(question.version->plan.currency())->minor_per_major();
}

// Whether credits of a deal on a date are there, as far as attribution has come.
bool IsThere(const NaiveQuestion& question, Date d, const std::string& deal_id) {
  if (!question.is_limited || d < question.steps_from) return true;
  return NaiveStep(d, deal_id) <= question.up_to;
}

// The same of other days: all facts of them, all credits.
NaiveQuestion Elsewhere(const NaiveQuestion& asked, const Period& period) {
  NaiveQuestion question = asked;
  question.from = period.first();
  question.to = period.last();
  question.counts_all = true;
  question.is_limited = false;
  return question;
}

}  // namespace

PeriodKind NaiveKind(v1::PeriodKind kind) {
  CHECK(kind != v1::PERIOD_KIND_UNSPECIFIED);
  return static_cast<PeriodKind>(kind - v1::DAY);  // in the same order
}

bool IsMoney(const v1::Measure& measure) {
  switch (measure.kind_case()) {
    case v1::Measure::kDeals:
      return measure.deals().value() <= v1::DealMeasure::DEAL_AMOUNT;
    case v1::Measure::kMetric:
      return measure.metric().unit() == v1::MetricMeasure::MONEY &&
             measure.metric().aggregate() != v1::MetricMeasure::COUNT &&
             measure.metric().aggregate() != v1::MetricMeasure::NPS &&
             measure.metric().aggregate() != v1::MetricMeasure::COUNT_DISTINCT;
    case v1::Measure::kSum:
      return std::all_of(measure.sum().measures().begin(), measure.sum().measures().end(),
                         [](const v1::Measure& part) { return IsMoney(part); });
    case v1::Measure::kEarnings:
      return true;
    default:
      return false;
  }
}

v1::Scope NaiveScope(v1::Scope inner, v1::Scope outer) {
  if (inner != v1::SCOPE_UNSPECIFIED) return inner;
  return outer != v1::SCOPE_UNSPECIFIED ? outer : v1::OWN;
}

NaiveMeasures::NaiveMeasures(const NaiveFacts& facts, NaiveLineSource* lines)
    : facts_(facts), lines_(lines), deals_(NaiveDeals(facts)) {
  for (const NaiveDeal& deal : deals_) {
    for (const NaiveChange& change : deal.changes) cancellations_ += change.is_cancellation ? 1 : 0;
  }
}

bool NaiveMeasures::InPlan(const std::string& participant, const std::string& plan_id,
                           Date d) const {
  std::map<Date, bool>& known = in_plan_[{participant, plan_id}];
  const auto found = known.find(d);
  if (found != known.end()) return found->second;
  const v1::ParticipantChanged* state = facts_.StateOn(participant, d);
  const NaiveVersion* version = facts_.VersionOn(plan_id, d);
  bool in_plan = false;
  if (state != nullptr && state->status() == v1::ParticipantChanged::ACTIVE && version != nullptr) {
    const v1::PlanAssigned* assignment = facts_.AssignmentOn(plan_id, participant, d);
    const v1::Eligibility& eligibility = version->plan.eligibility();
    in_plan = assignment != nullptr
                  ? !assignment->excluded()
                  : facts_.MatchesLists(eligibility, participant, d) &&
                        (!eligibility.has_rank_band() || IsInBand(participant, *version, d));
  }
  in_plan_[{participant, plan_id}][d] = in_plan;
  return in_plan;
}

bool NaiveMeasures::IsInBand(const std::string& participant, const NaiveVersion& version,
                             Date d) const {
  const v1::RankBand& band = version.plan.eligibility().rank_band();
  const Period current = band.period() == v1::PERIOD_KIND_UNSPECIFIED
                             ? facts_.PayoutContaining(d)
                             : facts_.calendar().Containing(NaiveKind(band.period()), d);
  const Period previous = facts_.calendar().Previous(current);
  const auto [known, is_new] = bands_.try_emplace({&band, previous});
  if (is_new) {
    std::vector<std::pair<Rational, std::string>> ranked;  // negated measure, participant
    for (const std::string& other : facts_.participants()) {
      if (!facts_.MatchesLists(version.plan.eligibility(), other, previous.last())) continue;
      NaiveQuestion question;
      question.version = &version;
      question.around = {.scope = v1::OWN, .participant = other, .unit = ""};
      question.period = previous;
      const std::optional<Rational> measure = Value(band.measure(), Elsewhere(question, previous));
      if (measure.has_value()) ranked.emplace_back(-*measure, other);
    }
    std::sort(ranked.begin(), ranked.end());
    const Rational n = static_cast<int64_t>(ranked.size());
    std::vector<std::string> in_band;
    for (size_t i = 0; i < ranked.size(); ++i) {
      const Rational place = Rational(100) * static_cast<int64_t>(i + 1) / n;
      if (NaiveNumber(band.from_pct()) < place && place <= NaiveNumber(band.to_pct())) {
        in_band.push_back(ranked[i].second);
      }
    }
    bands_[{&band, previous}] = in_band;
  }
  const std::vector<std::string>& in_band = bands_[{&band, previous}];
  return std::find(in_band.begin(), in_band.end(), participant) != in_band.end();
}

const std::vector<Date>& NaiveMeasures::DaysInPlan(const std::string& participant,
                                                   const std::string& plan_id,
                                                   const Period& period) const {
  const auto [days, is_new] = days_.try_emplace({{participant, plan_id}, period});
  if (is_new) {
    for (Date d = period.first(); d <= period.last(); d = d + 1) {
      if (InPlan(participant, plan_id, d)) days->second.push_back(d);
    }
  }
  return days->second;
}

std::optional<Date> NaiveMeasures::LastDayInPlan(const std::string& participant,
                                                 const std::string& plan_id,
                                                 const Period& period) const {
  const std::vector<Date>& days = DaysInPlan(participant, plan_id, period);
  if (!days.empty()) return days.back();
  const std::optional<Date> earliest = facts_.FirstDay();
  for (Date d = period.first() - 1; earliest.has_value() && d >= *earliest; d = d - 1) {
    if (InPlan(participant, plan_id, d)) return d;
  }
  return std::nullopt;
}

Period NaiveMeasures::MeasurementPeriod(const v1::Component& component, Date d) const {
  if (!component.window().empty()) {
    const absl::StatusOr<Period> window = facts_.calendar().Parse(component.window());
    CHECK(window.ok());
    return *window;
  }
  return component.period() == v1::PERIOD_KIND_UNSPECIFIED
             ? facts_.PayoutContaining(d)
             : facts_.calendar().Containing(NaiveKind(component.period()), d);
}

bool NaiveMeasures::Counts(const NaiveQuestion& question, Date d) const {
  return question.counts_all ||
         InPlan(question.around.participant, question.version->plan.plan_id(), d);
}

const std::vector<NaiveEntry>& NaiveMeasures::Entries(const v1::DealMeasure& measure,
                                                      const NaiveQuestion& question) const {
  NaiveRules rules;
  rules.version = question.version;
  if (question.component != nullptr) {
    rules.trigger = question.component->trigger();
    rules.mode = question.component->clawback().mode();
    rules.fx = question.component->fx();
    rules.period_end = [&](Date d) { return MeasurementPeriod(*question.component, d).last(); };
  }
  const int applied = rules.mode == v1::Clawback::RESTATE ? question.cancellations : 0;
  const NaiveAround& around = question.around;
  const Read read = {measure.SerializeAsString(), question.version, question.component,
                     around.participant,          around.unit,      int{around.scope},
                     question.counts_all,         applied};
  const auto found = entries_.find(read);
  if (found != entries_.end()) return found->second;
  return entries_[read] = NaiveEntries(facts_, deals_, around, rules, measure, applied,
                                       [&](Date d) { return Counts(question, d); });
}

std::optional<Rational> NaiveMeasures::Value(const v1::Measure& measure,
                                             const NaiveQuestion& asked) const {
  NaiveQuestion question = asked;
  // A pool's unit is what all parts of its measure are of.
  if (question.around.unit.empty()) {
    question.around.scope = NaiveScope(measure.scope(), asked.around.scope);
  }
  switch (measure.kind_case()) {
    case v1::Measure::kDeals:
      return Deals(measure.deals(), question);
    case v1::Measure::kMetric:
      return Metric(measure.metric(), question);
    case v1::Measure::kRatio: {
      const std::optional<Rational> above = Value(measure.ratio().numerator(), question);
      const std::optional<Rational> below = Value(measure.ratio().denominator(), question);
      if (!above.has_value() || !below.has_value() || below->is_zero()) return std::nullopt;
      return *above / *below;
    }
    case v1::Measure::kGrowth:
      return Growth(measure.growth(), question);
    case v1::Measure::kSum:
      return Sum(measure.sum(), question);
    case v1::Measure::kEarnings:
      return Earnings(measure.earnings(), question);
    case v1::Measure::kPeriods:
      return Periods(measure.periods(), question);
    case v1::Measure::kAttribute: {
      const std::optional<Date> day =
          LastDayInPlan(question.around.participant, question.version->plan.plan_id(),
                        Period::Window(question.from, std::max(question.from, question.to)));
      if (!day.has_value()) return std::nullopt;
      return Attribute(question.around.participant, measure.attribute().name(), *day);
    }
    default:
      return std::nullopt;
  }
}

Rational NaiveMeasures::Deals(const v1::DealMeasure& measure, const NaiveQuestion& question) const {
  if (measure.value() == v1::DealMeasure::COUNT_DISTINCT) return Distinct(measure, question);
  Rational sum;
  for (const NaiveEntry& entry : Entries(measure, question)) {
    if (entry.date < question.from || question.to < entry.date) continue;
    if (IsThere(question, entry.date, entry.deal->deal_id)) sum += entry.value;
  }
  return measure.value() <= v1::DealMeasure::DEAL_AMOUNT ? sum / MinorPerMajor(question) : sum;
}

Rational NaiveMeasures::Distinct(const v1::DealMeasure& measure,
                                 const NaiveQuestion& question) const {
  std::set<std::string> values;
  for (const NaiveEntry& entry : Entries(measure, question)) {
    if (entry.date < question.from || question.to < entry.date) continue;
    if (!IsThere(question, entry.date, entry.deal->deal_id)) continue;
    const bool is_cancelled = entry.cancelled_on.has_value() &&
                              *entry.cancelled_on <= question.to &&
                              IsThere(question, *entry.cancelled_on, entry.deal->deal_id);
    const auto value = entry.deal->attributes.find(measure.attribute());
    if (!is_cancelled && value != entry.deal->attributes.end()) values.insert(value->second);
  }
  return static_cast<int64_t>(values.size());
}

std::optional<Rational> NaiveMeasures::Metric(const v1::MetricMeasure& measure,
                                              const NaiveQuestion& question) const {
  const bool is_money = measure.unit() == v1::MetricMeasure::MONEY;
  std::vector<Rational> values;
  std::set<std::string> distinct;
  Rational last;
  std::optional<Date> last_date;
  for (const NaiveMetric& metric : facts_.metrics()) {
    if (metric.name != measure.name()) continue;
    if (metric.date < question.from || question.to < metric.date) continue;
    if (!NaiveMatches(measure.where(), metric.attributes) || !Counts(question, metric.date)) {
      continue;
    }
    const bool is_theirs = metric.subject == "*"
                               ? question.around.scope == v1::COMPANY
                               : IsAround(facts_, question.around, metric.subject, metric.date);
    if (!is_theirs) continue;
    const Rational value = is_money ? metric.value / MinorPerMajor(question) : metric.value;
    values.push_back(value);
    if (!last_date.has_value() || metric.date > *last_date) {
      last = value;
      last_date = metric.date;
    } else if (metric.date == *last_date) {
      last = Max(last, value);
    }
    const auto dimension = metric.attributes.find(measure.dimension());
    if (dimension != metric.attributes.end()) distinct.insert(dimension->second);
  }
  const Rational count = static_cast<int64_t>(values.size());
  Rational sum;
  for (const Rational& value : values) sum += value;
  switch (measure.aggregate()) {
    case v1::MetricMeasure::AGGREGATE_UNSPECIFIED:
    case v1::MetricMeasure::SUM:
      return sum;
    case v1::MetricMeasure::COUNT:
      return count;
    case v1::MetricMeasure::COUNT_DISTINCT:
      return static_cast<int64_t>(distinct.size());
    default:
      break;
  }
  if (values.empty()) return std::nullopt;
  switch (measure.aggregate()) {
    case v1::MetricMeasure::AVG:
      return sum / count;
    case v1::MetricMeasure::MIN:
      return *std::min_element(values.begin(), values.end());
    case v1::MetricMeasure::MAX:
      return *std::max_element(values.begin(), values.end());
    case v1::MetricMeasure::LAST:
      return last;
    default:
      break;
  }
  Rational promoters;  // NPS: less detractors
  for (const Rational& score : values) {
    if (score >= 9) promoters += 1;
    if (score <= 6) promoters -= 1;
  }
  return Rational(100) * promoters / count;
}

std::optional<Rational> NaiveMeasures::Growth(const v1::GrowthMeasure& measure,
                                              const NaiveQuestion& question) const {
  Period earlier = question.period;
  for (int i = std::max(1, measure.periods_back()); i > 0; --i) {
    earlier = facts_.calendar().Previous(earlier);
  }
  const std::optional<Rational> now = Value(measure.of(), question);
  NaiveQuestion then = Elsewhere(question, earlier);
  then.period = earlier;
  const std::optional<Rational> before = Value(measure.of(), then);
  if (!now.has_value() || !before.has_value() || before->sign() <= 0) return std::nullopt;
  return (*now - *before) / *before;
}

std::optional<Rational> NaiveMeasures::Sum(const v1::SumMeasure& measure,
                                           const NaiveQuestion& question) const {
  Rational sum;
  for (int i = 0; i < measure.measures_size(); ++i) {
    const std::optional<Rational> part = Value(measure.measures(i), question);
    if (!part.has_value()) return std::nullopt;
    sum += measure.weights().empty() ? *part : *part * NaiveNumber(measure.weights(i));
  }
  return sum;
}

Rational NaiveMeasures::Earnings(const v1::EarningsMeasure& measure,
                                 const NaiveQuestion& question) const {
  const v1::Plan& plan = question.version->plan;
  Rational sum;
  for (const std::string& name : measure.components()) {
    const size_t slash = name.find('/');
    const std::string plan_id = slash == std::string::npos ? plan.plan_id() : name.substr(0, slash);
    const std::string component_id = slash == std::string::npos ? name : name.substr(slash + 1);
    for (const NaiveLine& line : lines_->LinesOf(plan_id, component_id)) {
      const Date date = *Date::Parse(line.date);
      if (!line.reward.empty() || date < question.from || question.to < date) continue;
      if (!Counts(question, date)) continue;
      if (!IsAround(facts_, question.around, line.participant_id, date)) continue;
      const auto fx = question.component->fx();
      const Date day = fx == v1::FxConversion::PERIOD_END
                           ? MeasurementPeriod(*question.component, date).last()
                       : fx == v1::FxConversion::PLAN_START ? question.version->start
                                                            : date;
      sum += NaiveConvert(facts_, line.minor_units, line.currency, plan, day).value_or(0);
    }
  }
  return sum / MinorPerMajor(question);
}

std::optional<Rational> NaiveMeasures::Periods(const v1::PeriodsMeasure& measure,
                                               const NaiveQuestion& question) const {
  Rational count;
  Rational reached;
  for (const Period& period :
       facts_.calendar().Overlapping(NaiveKind(measure.period()), question.from, question.to)) {
    if (period.last() > question.to) continue;
    count += 1;
    NaiveQuestion of = question;
    of.from = period.first();
    of.to = period.last();
    const std::optional<Rational> value = Value(measure.of(), of);
    if (value.has_value() && *value >= NaiveNumber(measure.at_least())) reached += 1;
  }
  if (!measure.share()) return reached;
  if (count.is_zero()) return std::nullopt;
  return reached / count;
}

std::optional<Rational> NaiveMeasures::Attribute(const std::string& participant,
                                                 const std::string& name, Date d) const {
  const v1::ParticipantChanged* state = facts_.StateOn(participant, d);
  if (state == nullptr) return std::nullopt;
  const auto found = state->attributes().find(name);
  if (found == state->attributes().end()) return std::nullopt;
  const absl::StatusOr<Decimal> number = Decimal::Parse(found->second);
  if (!number.ok()) return std::nullopt;
  return Rational(*number);
}

std::vector<NaiveEntry> NaiveMeasures::Credits(const v1::Measure& measure,
                                               const NaiveQuestion& asked) const {
  NaiveQuestion question = asked;
  question.around.scope = NaiveScope(measure.scope(), asked.around.scope);
  std::vector<NaiveEntry> all;
  const auto add = [&](const v1::Measure& part) {
    const std::vector<NaiveEntry> credits = Credits(part, question);
    all.insert(all.end(), credits.begin(), credits.end());
  };
  switch (measure.kind_case()) {
    case v1::Measure::kDeals:
      for (const NaiveEntry& entry : Entries(measure.deals(), question)) {
        if (IsThere(question, entry.date, entry.deal->deal_id)) all.push_back(entry);
      }
      break;
    case v1::Measure::kRatio:
      add(measure.ratio().numerator());
      add(measure.ratio().denominator());
      break;
    case v1::Measure::kGrowth:
      add(measure.growth().of());
      break;
    case v1::Measure::kSum:
      for (const v1::Measure& part : measure.sum().measures()) add(part);
      break;
    case v1::Measure::kPeriods:
      add(measure.periods().of());
      break;
    default:
      break;
  }
  return all;
}

}  // namespace payfold_testing
