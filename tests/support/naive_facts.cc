#include "tests/support/naive_facts.h"

#include <algorithm>
#include <set>

#include "ledger/base/check.h"
#include "ledger/money/decimal.h"

namespace payfold_testing {
namespace {

using ::payfold::Calendar;
using ::payfold::Date;
using ::payfold::Decimal;
using ::payfold::Period;
using ::payfold::PeriodKind;
using ::payfold::Rational;
namespace v1 = ::payfold::v1;

// The last of `facts` (in order of position) with the latest date not after `d`.
template <typename Facts>
auto Holding(const Facts& facts, Date d) -> decltype(facts.data()) {
  decltype(facts.data()) best = nullptr;
  for (const auto& fact : facts) {
    if (fact.from <= d && (best == nullptr || fact.from >= best->from)) best = &fact;
  }
  return best;
}

bool Contains(const google::protobuf::RepeatedPtrField<std::string>& values,
              const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool Holds(const v1::Condition& condition, const std::map<std::string, std::string>& attributes) {
  if (!condition.any().empty()) {
    return std::any_of(condition.any().begin(), condition.any().end(),
                       [&](const auto& list) { return NaiveMatches(list.all(), attributes); });
  }
  const auto found = attributes.find(condition.attribute());
  if (found == attributes.end()) return !condition.none_of().empty();
  if (!condition.any_of().empty()) return Contains(condition.any_of(), found->second);
  if (!condition.none_of().empty()) return !Contains(condition.none_of(), found->second);
  const absl::StatusOr<Decimal> number = Decimal::Parse(found->second);
  if (!number.ok()) return false;
  const Rational value(*number);
  if (!condition.at_least().empty()) return value >= NaiveNumber(condition.at_least());
  if (!condition.above().empty()) return value > NaiveNumber(condition.above());
  if (!condition.at_most().empty()) return value <= NaiveNumber(condition.at_most());
  return value < NaiveNumber(condition.below());
}

}  // namespace

Date NaiveDate(const std::string& text) {
  const absl::StatusOr<Date> date = Date::Parse(text);
  CHECK(date.ok());
  return *date;
}

Rational NaiveNumber(const std::string& text) {
  if (text.empty()) return 0;
  const absl::StatusOr<Decimal> number = Decimal::ParsePercent(text);
  CHECK(number.ok());
  return Rational(*number);
}

bool NaiveMatches(const google::protobuf::RepeatedPtrField<v1::Condition>& where,
                  const std::map<std::string, std::string>& attributes) {
  return std::all_of(where.begin(), where.end(),
                     [&](const v1::Condition& c) { return Holds(c, attributes); });
}

NaiveFacts::NaiveFacts(const std::vector<v1::Event>& events) {
  std::set<std::string> voided;
  for (const v1::Event& event : events) {
    if (event.has_fact_voided()) voided.insert(event.fact_voided().event_id());
  }
  for (const v1::Event& event : events) {
    const bool can_be_voided =
        !event.has_plan_published() && !event.has_plan_retired() && !event.has_fact_voided();
    if (!can_be_voided || voided.count(event.event_id()) == 0) live_.push_back(&event);
  }
  Configure();
  for (size_t place = 0; place < live_.size(); ++place) Take(place, *live_[place]);
}

void NaiveFacts::Configure() {
  for (const v1::Event* event : live_) {
    if (!event->has_ledger_configured()) continue;
    const v1::LedgerConfigured& fact = event->ledger_configured();
    configured_ = true;
    calendar_ = Calendar(std::max(1, fact.fiscal_year_start_month()));
    base_currency_ = fact.base_currency();
    payout_ = static_cast<payfold::PayoutPeriod>(fact.payout_period() - v1::LedgerConfigured::WEEK);
    if (!fact.payout_anchor().empty()) anchor_ = NaiveDate(fact.payout_anchor());
  }
}

void NaiveFacts::Take(size_t place, const v1::Event& event) {
  switch (event.payload_case()) {
    case v1::Event::kParticipantChanged: {
      const v1::ParticipantChanged& fact = event.participant_changed();
      states_[fact.participant_id()].push_back({NaiveDate(fact.effective_from()), fact});
      break;
    }
    case v1::Event::kSplitPolicySet: {
      const v1::SplitPolicySet& fact = event.split_policy_set();
      policies_.push_back({NaiveDate(fact.effective_from()), fact});
      break;
    }
    case v1::Event::kFxRateSet: {
      const v1::FxRateSet& fact = event.fx_rate_set();
      rates_.push_back({NaiveDate(fact.effective_from()), fact});
      break;
    }
    case v1::Event::kQuotaSet: {
      const absl::StatusOr<Period> period = calendar_.Parse(event.quota_set().period());
      if (period.ok()) quotas_.push_back({*period, event.quota_set()});
      break;
    }
    case v1::Event::kMetricRecorded: {
      const v1::MetricRecorded& fact = event.metric_recorded();
      std::map<std::string, std::string> attributes;
      for (const auto& [name, value] : fact.dimensions()) {
        if (!value.empty()) attributes[name] = value;
      }
      attributes["source"] = event.source();
      metrics_.push_back({fact.metric(), fact.participant_id(), NaiveDate(fact.occurred_on()),
                          NaiveNumber(fact.value()), attributes});
      break;
    }
    case v1::Event::kGoalChosen: {
      const v1::GoalChosen& fact = event.goal_chosen();
      const absl::StatusOr<Period> period = calendar_.Parse(fact.period());
      if (!period.ok()) break;
      goals_[{fact.participant_id(), fact.plan_id(), fact.component_id(), *period}] =
          fact.goal_id();
      break;
    }
    case v1::Event::kPlanPublished:
      TakePlan(place, event.plan_published().plan());
      break;
    case v1::Event::kPlanRetired: {
      const v1::PlanRetired& fact = event.plan_retired();
      retirements_[fact.plan_id()].push_back({place, NaiveDate(fact.effective_to())});
      break;
    }
    case v1::Event::kPlanAssigned: {
      const v1::PlanAssigned& fact = event.plan_assigned();
      const Date to = fact.effective_to().empty() ? Date::Max() : NaiveDate(fact.effective_to());
      assignments_[{fact.plan_id(), fact.participant_id()}].push_back(
          {NaiveDate(fact.effective_from()), to, fact});
      break;
    }
    default:
      break;  // Deals are read by NaiveDeals; the rest earns nothing.
  }
}

void NaiveFacts::TakePlan(size_t place, const v1::Plan& plan) {
  std::vector<NaiveVersion>& versions = versions_[plan.plan_id()];
  const std::string& end = plan.effective().end();
  versions.push_back({.place = place,
                      .number = static_cast<uint32_t>(versions.size() + 1),
                      .start = NaiveDate(plan.effective().start()),
                      .end = end.empty() ? Date::Max() : NaiveDate(end),
                      .plan = plan});
}

Period NaiveFacts::PayoutContaining(Date d) const {
  return calendar_.PayoutContaining(payout_, anchor_, d);
}

std::vector<std::string> NaiveFacts::participants() const {
  std::vector<std::string> ids;
  for (const auto& entry : states_) ids.push_back(entry.first);
  return ids;
}

std::vector<std::string> NaiveFacts::plans() const {
  std::vector<std::string> ids;
  for (const auto& entry : versions_) ids.push_back(entry.first);
  return ids;
}

const std::vector<NaiveVersion>& NaiveFacts::VersionsOf(const std::string& plan_id) const {
  return versions_.at(plan_id);
}

std::optional<Date> NaiveFacts::FirstDay() const {
  std::optional<Date> first;
  for (const auto& entry : states_) {
    for (const auto& state : entry.second) {
      if (!first.has_value() || state.from < *first) first = state.from;
    }
  }
  return first;
}

const v1::ParticipantChanged* NaiveFacts::StateOn(const std::string& participant, Date d) const {
  const auto found = states_.find(participant);
  if (found == states_.end()) return nullptr;
  const auto* state = Holding(found->second, d);
  return state == nullptr ? nullptr : &state->fact;
}

const NaiveVersion* NaiveFacts::VersionOn(const std::string& plan_id, Date d) const {
  const auto retirements = retirements_.find(plan_id);
  const NaiveVersion* in_force = nullptr;
  for (const NaiveVersion& version : versions_.at(plan_id)) {
    if (d < version.start || version.end < d) continue;
    std::optional<Date> retired;  // by the last retirement after the version
    if (retirements != retirements_.end()) {
      for (const Retirement& retirement : retirements->second) {
        if (retirement.place > version.place) retired = retirement.to;
      }
    }
    if (retired.has_value() && *retired < d) continue;
    in_force = &version;  // in order of position: the highest wins
  }
  return in_force;
}

bool NaiveFacts::IsEverInForce(const NaiveVersion& version) const {
  const std::string& plan_id = version.plan.plan_id();
  // It begins where it starts, or where another one ends.
  std::vector<Date> days = {version.start};
  for (const NaiveVersion& other : VersionsOf(plan_id)) {
    if (other.end < Date::Max()) days.push_back(other.end + 1);
  }
  const auto retirements = retirements_.find(plan_id);
  if (retirements != retirements_.end()) {
    for (const Retirement& retirement : retirements->second) days.push_back(retirement.to + 1);
  }
  return std::any_of(days.begin(), days.end(),
                     [&](Date d) { return VersionOn(plan_id, d) == &version; });
}

const v1::PlanAssigned* NaiveFacts::AssignmentOn(const std::string& plan_id,
                                                 const std::string& participant, Date d) const {
  const auto found = assignments_.find({plan_id, participant});
  if (found == assignments_.end()) return nullptr;
  const Assignment* assignment = Holding(found->second, d);
  return assignment == nullptr || assignment->to < d ? nullptr : &assignment->fact;
}

const v1::SplitPolicySet* NaiveFacts::PolicyOn(Date d) const {
  const auto* policy = Holding(policies_, d);
  return policy == nullptr ? nullptr : &policy->fact;
}

bool NaiveFacts::MatchesLists(const v1::Eligibility& eligibility, const std::string& participant,
                              Date d) const {
  const v1::ParticipantChanged* state = StateOn(participant, d);
  if (state == nullptr || state->status() != v1::ParticipantChanged::ACTIVE) return false;
  const bool none_given = eligibility.roles().empty() && eligibility.teams().empty() &&
                          eligibility.territories().empty() && eligibility.participants().empty() &&
                          eligibility.attributes().empty() && !eligibility.has_rank_band();
  if (none_given) return false;
  const auto fails = [](const auto& list, const std::string& value) {
    return !list.empty() && !Contains(list, value);
  };
  if (fails(eligibility.roles(), state->role())) return false;
  if (fails(eligibility.teams(), state->team())) return false;
  if (fails(eligibility.territories(), state->territory())) return false;
  if (fails(eligibility.participants(), participant)) return false;
  for (const auto& [name, list] : eligibility.attributes()) {
    const auto found = state->attributes().find(name);
    if (found == state->attributes().end() || !Contains(list.values(), found->second)) return false;
  }
  return true;
}

std::string NaiveFacts::GoalChosen(const std::string& participant, const std::string& plan_id,
                                   const std::string& component_id, const Period& period) const {
  const auto found = goals_.find({participant, plan_id, component_id, period});
  return found == goals_.end() ? "" : found->second;
}

bool NaiveFacts::InScope(const std::string& participant, v1::Scope scope, const std::string& other,
                         Date d) const {
  if (scope == v1::OWN) return participant == other;
  const v1::ParticipantChanged* theirs = StateOn(other, d);
  if (theirs == nullptr) return false;
  if (scope == v1::COMPANY) return true;
  if (scope == v1::TEAM || scope == v1::TERRITORY) {
    const v1::ParticipantChanged* mine = StateOn(participant, d);
    if (mine == nullptr) return false;
    return scope == v1::TEAM
               ? !mine->team().empty() && mine->team() == theirs->team()
               : !mine->territory().empty() && mine->territory() == theirs->territory();
  }
  if (participant == other) return scope == v1::REPORTS_AND_SELF;
  std::set<std::string> seen;
  while (theirs != nullptr && seen.insert(theirs->participant_id()).second) {
    if (theirs->manager_id() == participant) return true;
    theirs = StateOn(theirs->manager_id(), d);
  }
  return false;
}

std::optional<Rational> NaiveFacts::Direct(const std::string& base, const std::string& quote,
                                           Date d) const {
  std::vector<Dated<v1::FxRateSet>> of_pair;
  for (const auto& rate : rates_) {
    if (rate.fact.base() == base && rate.fact.quote() == quote) of_pair.push_back(rate);
  }
  const auto* rate = Holding(of_pair, d);
  if (rate == nullptr) return std::nullopt;
  return NaiveNumber(rate->fact.rate());
}

std::optional<Rational> NaiveFacts::DirectOrInverse(const std::string& base,
                                                    const std::string& quote, Date d) const {
  const std::optional<Rational> direct = Direct(base, quote, d);
  if (direct.has_value()) return direct;
  const std::optional<Rational> inverse = Direct(quote, base, d);
  if (inverse.has_value()) return Rational(1) / *inverse;
  return std::nullopt;
}

std::optional<Rational> NaiveFacts::RateOn(const std::string& base, const std::string& quote,
                                           Date d) const {
  const std::optional<Rational> rate = DirectOrInverse(base, quote, d);
  if (rate.has_value()) return rate;
  const std::optional<Rational> to_middle = DirectOrInverse(base, base_currency_, d);
  const std::optional<Rational> from_middle = DirectOrInverse(base_currency_, quote, d);
  if (!to_middle.has_value() || !from_middle.has_value()) return std::nullopt;
  return *to_middle * *from_middle;
}

std::optional<Rational> NaiveFacts::QuotaFor(const std::string& metric, const std::string& subject,
                                             const Period& period) const {
  std::optional<Rational> last;
  for (const QuotaFact& quota : quotas_) {
    if (quota.fact.metric() == metric && quota.fact.subject() == subject &&
        quota.period == period) {
      last = NaiveNumber(quota.fact.value());
    }
  }
  return last;
}

std::optional<Rational> NaiveFacts::QuotaBySubject(const std::string& metric,
                                                   const std::string& participant,
                                                   const std::string& team,
                                                   const Period& period) const {
  std::optional<Rational> quota;
  if (!participant.empty()) quota = QuotaFor(metric, participant, period);
  if (!quota.has_value() && !team.empty()) quota = QuotaFor(metric, team, period);
  if (!quota.has_value()) quota = QuotaFor(metric, "*", period);
  return quota;
}

std::optional<Rational> NaiveFacts::Quota(const std::string& metric, const std::string& participant,
                                          const std::string& team, const Period& period) const {
  const std::optional<Rational> whole = QuotaBySubject(metric, participant, team, period);
  if (whole.has_value()) return whole;
  for (int kind = static_cast<int>(period.kind()) - 1; kind >= 0; --kind) {
    const std::vector<Period> parts = calendar_.Tiles(period, static_cast<PeriodKind>(kind));
    Rational sum;
    bool set_throughout = !parts.empty();
    for (const Period& part : parts) {
      const std::optional<Rational> quota = QuotaBySubject(metric, participant, team, part);
      if (!quota.has_value()) {
        set_throughout = false;
        break;
      }
      sum += *quota;
    }
    if (set_throughout) return sum;
  }
  return std::nullopt;
}

}  // namespace payfold_testing
