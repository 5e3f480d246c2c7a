#include "projections/facts/reference.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "ledger/plan/compile.h"
#include "projections/facts/stated_fields.h"

namespace payfold {
namespace {

absl::StatusOr<Date> ReadDateOr(const v1::Event& event, const std::string& text, Date otherwise) {
  if (text.empty()) return otherwise;
  return ReadDate(event, text);
}

absl::StatusOr<PayoutPeriod> ReadPayoutPeriod(const v1::Event& event) {
  switch (event.ledger_configured().payout_period()) {
    case v1::LedgerConfigured::WEEK:
      return PayoutPeriod::kWeek;
    case v1::LedgerConfigured::TWO_WEEKS:
      return PayoutPeriod::kTwoWeeks;
    case v1::LedgerConfigured::HALF_MONTH:
      return PayoutPeriod::kHalfMonth;
    case v1::LedgerConfigured::MONTH:
      return PayoutPeriod::kMonth;
    case v1::LedgerConfigured::QUARTER:
      return PayoutPeriod::kQuarter;
    default:
      return DamagedEvent(event, "the payout period");
  }
}

absl::Status ApplyConfiguration(const v1::Event& event, Reference* reference) {
  const v1::LedgerConfigured& stated = event.ledger_configured();
  LedgerConfiguration configuration;
  configuration.base_currency = stated.base_currency();
  configuration.fiscal_year_start_month = std::max(stated.fiscal_year_start_month(), 1);
  ASSIGN_OR_RETURN(configuration.payout_period, ReadPayoutPeriod(event));
  ASSIGN_OR_RETURN(configuration.payout_anchor, ReadDateOr(event, stated.payout_anchor(), Date()));
  configuration.position = event.position();
  if (!reference->configuration.has_value() ||
      reference->configuration->position < configuration.position) {
    reference->configuration = std::move(configuration);
  }
  return absl::OkStatus();
}

absl::Status ApplyParticipant(const v1::Event& event, const Numbering& numbers,
                              Reference* reference) {
  const v1::ParticipantChanged& stated = event.participant_changed();
  ParticipantState state;
  ASSIGN_OR_RETURN(state.from, ReadDateOr(event, stated.effective_from(), Date()));
  state.position = event.position();
  state.status =
      stated.status() == v1::ParticipantChanged::ACTIVE  ? ParticipantState::Status::kActive
      : stated.status() == v1::ParticipantChanged::LEAVE ? ParticipantState::Status::kLeave
                                                         : ParticipantState::Status::kTerminated;
  state.role = stated.role();
  state.team = stated.team();
  state.territory = stated.territory();
  if (!stated.manager_id().empty()) state.manager = numbers(stated.manager_id());
  if (!stated.hired_on().empty()) {
    ASSIGN_OR_RETURN(state.hired_on, ReadDate(event, stated.hired_on()));
  }
  state.pay_currency = stated.pay_currency();
  state.attributes.insert(stated.attributes().begin(), stated.attributes().end());
  reference->org.Mutable().AddState(numbers(stated.participant_id()), std::move(state));
  return absl::OkStatus();
}

absl::Status ApplyPlan(const v1::Event& event, Reference* reference) {
  CompiledPlan compiled = CompilePlan(event.plan_published().plan());
  if (!compiled.program.has_value()) {
    return DamagedEvent(event, absl::StrCat("a plan that does not compile (",
                                            ErrorText(compiled.diagnostics), ")"));
  }
  PlanHistory& history = reference->plans.Mutable()[compiled.program->plan_id];
  const auto version = static_cast<uint32_t>(history.versions().size() + 1);
  history.AddVersion(std::make_shared<const PublishedVersion>(PublishedVersion{
      event.position(), version, event.plan_published().plan(), *std::move(compiled.program)}));
  return absl::OkStatus();
}

absl::Status ApplyRetirement(const v1::Event& event, Reference* reference) {
  Retirement retirement;
  retirement.position = event.position();
  ASSIGN_OR_RETURN(retirement.effective_to,
                   ReadDateOr(event, event.plan_retired().effective_to(), Date()));
  reference->plans.Mutable()[event.plan_retired().plan_id()].AddRetirement(retirement);
  return absl::OkStatus();
}

absl::Status ApplyAssignment(const v1::Event& event, const Numbering& numbers,
                             Reference* reference) {
  const v1::PlanAssigned& stated = event.plan_assigned();
  Assignment assignment;
  assignment.position = event.position();
  ASSIGN_OR_RETURN(assignment.from, ReadDateOr(event, stated.effective_from(), Date()));
  ASSIGN_OR_RETURN(assignment.to, ReadDateOr(event, stated.effective_to(), Date::Max()));
  if (stated.has_target_incentive()) {
    assignment.target_incentive = stated.target_incentive().minor_units();
    assignment.currency = stated.target_incentive().currency();
  }
  assignment.excluded = stated.excluded();
  reference->plans.Mutable()[stated.plan_id()].AddAssignment(numbers(stated.participant_id()),
                                                             std::move(assignment));
  return absl::OkStatus();
}

absl::Status ApplyQuota(const v1::Event& event, Reference* reference) {
  const v1::QuotaSet& stated = event.quota_set();
  Quota quota;
  ASSIGN_OR_RETURN(quota.value, ReadDecimal(event, stated.value()));
  quota.position = event.position();
  Quota& kept = reference->quotas.Mutable()[{stated.metric(), stated.subject(), stated.period()}];
  if (kept.position < quota.position) kept = quota;
  return absl::OkStatus();
}

absl::Status ApplyPolicy(const v1::Event& event, Reference* reference) {
  const v1::SplitPolicySet& stated = event.split_policy_set();
  SplitPolicy policy;
  policy.policy_id = stated.policy_id();
  ASSIGN_OR_RETURN(policy.effective_from, ReadDateOr(event, stated.effective_from(), Date()));
  policy.position = event.position();
  for (const auto& [role, share] : stated.role_shares()) {
    ASSIGN_OR_RETURN(Decimal value, ReadDecimal(event, share));
    policy.role_nanos.emplace_back(role, static_cast<int64_t>(value.nanos()));
  }
  std::sort(policy.role_nanos.begin(), policy.role_nanos.end());
  reference->policies.Mutable().Add(std::move(policy));
  return absl::OkStatus();
}

absl::Status ApplyRate(const v1::Event& event, Reference* reference) {
  const v1::FxRateSet& stated = event.fx_rate_set();
  ExchangeRate rate;
  ASSIGN_OR_RETURN(rate.from, ReadDateOr(event, stated.effective_from(), Date()));
  ASSIGN_OR_RETURN(rate.rate, ReadDecimal(event, stated.rate()));
  rate.position = event.position();
  std::vector<ExchangeRate>& rates = reference->rates.Mutable()[{stated.base(), stated.quote()}];
  rates.insert(std::upper_bound(rates.begin(), rates.end(), rate,
                                [](const ExchangeRate& a, const ExchangeRate& b) {
                                  return std::tie(a.from, a.position) <
                                         std::tie(b.from, b.position);
                                }),
               rate);
  return absl::OkStatus();
}

void ApplyAdjustment(const v1::Event& event, const Numbering& numbers, Reference* reference) {
  const v1::AdjustmentPosted& stated = event.adjustment_posted();
  reference->adjustments.Mutable().push_back(
      {event.position(), stated.adjustment_id(), numbers(stated.participant_id()), stated.period(),
       stated.amount().minor_units(), stated.amount().currency(), stated.plan_id()});
}

void ApplyGoal(const v1::Event& event, const Numbering& numbers, Reference* reference) {
  const v1::GoalChosen& stated = event.goal_chosen();
  ChosenGoal& kept = reference->goals.Mutable()[{numbers(stated.participant_id()), stated.plan_id(),
                                                 stated.component_id(), stated.period()}];
  if (kept.position < event.position()) kept = {stated.goal_id(), event.position()};
}

absl::StatusOr<Opening::Kind> ReadOpeningKind(const v1::Event& event) {
  switch (event.opening_balance().kind()) {
    case v1::OpeningBalance::PAYABLE:
      return Opening::Kind::kPayable;
    case v1::OpeningBalance::DRAW:
      return Opening::Kind::kDraw;
    case v1::OpeningBalance::HELD:
      return Opening::Kind::kHeld;
    default:
      return DamagedEvent(event, "the kind of opening balance");
  }
}

absl::Status ApplyOpening(const v1::Event& event, const Numbering& numbers, Reference* reference) {
  const v1::OpeningBalance& stated = event.opening_balance();
  Opening opening;
  opening.position = event.position();
  opening.participant = numbers(stated.participant_id());
  ASSIGN_OR_RETURN(opening.as_of, ReadDateOr(event, stated.as_of(), Date()));
  ASSIGN_OR_RETURN(opening.kind, ReadOpeningKind(event));
  opening.amount = stated.amount().minor_units();
  opening.currency = stated.amount().currency();
  opening.deal_id = stated.deal_id();
  reference->openings.Mutable().push_back(std::move(opening));
  return absl::OkStatus();
}

// The direct rate, or 1 / the inverse; none if neither is known.
std::optional<Rational> PairRate(const Reference& reference, absl::string_view from,
                                 absl::string_view to, Date d) {
  if (from == to) return Rational(1);
  const auto last = [&](absl::string_view base, absl::string_view quote) -> const ExchangeRate* {
    auto at = reference.rates->find({std::string(base), std::string(quote)});
    if (at == reference.rates->end()) return nullptr;
    auto after =
        std::upper_bound(at->second.begin(), at->second.end(), d,
                         [](Date date, const ExchangeRate& rate) { return date < rate.from; });
    return after == at->second.begin() ? nullptr : &*std::prev(after);
  };
  if (const ExchangeRate* direct = last(from, to)) return Rational(direct->rate);
  if (const ExchangeRate* inverse = last(to, from)) return Rational(1) / Rational(inverse->rate);
  return std::nullopt;
}

}  // namespace

Period Reference::PayoutPeriodOf(Date d) const {
  return calendar().PayoutContaining(configuration->payout_period, configuration->payout_anchor, d);
}

Date Reference::LastFactDate() const {
  return last_days->empty() ? Date::Min() : last_days->rbegin()->first;
}

absl::Status Reference::Apply(const v1::Event& event, const Numbering& numbers) {
  switch (event.payload_case()) {
    case v1::Event::kLedgerConfigured:
      return ApplyConfiguration(event, this);
    case v1::Event::kParticipantChanged:
      return ApplyParticipant(event, numbers, this);
    case v1::Event::kPlanPublished:
      return ApplyPlan(event, this);
    case v1::Event::kPlanRetired:
      return ApplyRetirement(event, this);
    case v1::Event::kPlanAssigned:
      return ApplyAssignment(event, numbers, this);
    case v1::Event::kQuotaSet:
      return ApplyQuota(event, this);
    case v1::Event::kSplitPolicySet:
      return ApplyPolicy(event, this);
    case v1::Event::kFxRateSet:
      return ApplyRate(event, this);
    case v1::Event::kAdjustmentPosted:
      ApplyAdjustment(event, numbers, this);
      return absl::OkStatus();
    case v1::Event::kOpeningBalance:
      return ApplyOpening(event, numbers, this);
    case v1::Event::kGoalChosen:
      ApplyGoal(event, numbers, this);
      return absl::OkStatus();
    case v1::Event::kPeriodClosed:
    case v1::Event::kPeriodApproved:
      return closes.Mutable().Add(event, calendar());
    case v1::Event::kPaymentRecorded:
      payments.Mutable().Add(event, numbers);
      return absl::OkStatus();
    case v1::Event::kDisputeOpened:
    case v1::Event::kDisputeResolved:
      disputes.Mutable().Add(event, numbers);
      return absl::OkStatus();
    case v1::Event::kFactVoided:
      voids.Mutable().push_back({event.position(), event.stream()});
      return absl::OkStatus();
    default:
      return absl::OkStatus();
  }
}

std::shared_ptr<const Reference> Reference::Publish() {
  org.Lend();
  plans.Lend();
  quotas.Lend();
  policies.Lend();
  rates.Lend();
  adjustments.Lend();
  goals.Lend();
  openings.Lend();
  closes.Lend();
  payments.Lend();
  disputes.Lend();
  voids.Lend();
  waiting_voids.Lend();
  last_days.Lend();
  return std::make_shared<const Reference>(*this);
}

absl::StatusOr<Rational> MinorUnitFactor(const Reference& reference, Currency from, Currency to,
                                         Date d) {
  std::optional<Rational> rate = PairRate(reference, from.code(), to.code(), d);
  if (!rate.has_value() && reference.configuration.has_value()) {
    const std::string& base = reference.configuration->base_currency;
    std::optional<Rational> in = PairRate(reference, from.code(), base, d);
    std::optional<Rational> out = PairRate(reference, base, to.code(), d);
    if (in.has_value() && out.has_value()) rate = *in * *out;
  }
  if (!rate.has_value()) {
    return absl::NotFoundError(absl::StrCat("no rate from ", from.code(), " to ", to.code(),
                                            " is in force on ", d.ToString(),
                                            "; append an FxRateSet"));
  }
  return *rate * Rational::Of(to.minor_per_major(), from.minor_per_major());
}

}  // namespace payfold
