// What a deal did for a participant, or why not.

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "ledger/plan/prose.h"
#include "projections/earnings/attribution.h"
#include "projections/earnings/conditions.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/membership.h"
#include "projections/queries.h"
#include "projections/statements/lookup.h"

namespace payfold {
namespace {

std::string Money(int64_t minor, const std::string& code) {
  const absl::StatusOr<Currency> currency = Currency::Parse(code);
  return currency.ok() ? absl::StrCat(code, " ", FormatAmount(minor, *currency))
                       : absl::StrCat(code, " ", minor);
}

std::string SharesText(const DealFact& fact, const Org& org) {
  return absl::StrJoin(fact.shares, ", ", [&](std::string* out, const SplitShare& share) {
    absl::StrAppend(out, org.Id(share.participant), " ",
                    Decimal::FromNanos(share.nanos).ToPercent(), share.overlay ? " overlay" : "");
  });
}

std::string FactText(const DealFact& fact, const Org& org) {
  const std::string amount =
      fact.amount.has_value() ? absl::StrCat(" ", Money(*fact.amount, fact.currency)) : "";
  const std::string on = absl::StrCat(" on ", fact.date.ToString());
  switch (fact.kind) {
    case DealFact::Kind::kBooked:
      return absl::StrCat(
          "booked", amount, on,
          fact.owner.has_value() ? absl::StrCat(", owner ", org.Id(*fact.owner)) : "");
    case DealFact::Kind::kRestated:
      return absl::StrCat("restated", amount.empty() ? "" : absl::StrCat(" to", amount), on);
    case DealFact::Kind::kAdjusted:
      return absl::StrCat("adjusted to", amount, on);
    case DealFact::Kind::kInvoiced:
      return absl::StrCat("invoiced", amount, on);
    case DealFact::Kind::kCollected:
      return absl::StrCat("collected", amount, on);
    case DealFact::Kind::kCancelled:
      return absl::StrCat("cancelled", amount.empty() ? " in full" : amount, on);
    case DealFact::Kind::kPipeline:
      return absl::StrCat("pipeline", amount);
    case DealFact::Kind::kSplit:
      return absl::StrCat("split: ", SharesText(fact, org));
    case DealFact::Kind::kVoid:
      return absl::StrCat("voids the fact at position ", fact.target);
  }
  return "";
}

void AddFacts(const DealFacts& facts, const Org& org, v1::ExplainDealResponse* answer) {
  for (const DealFact& fact : facts.facts) {
    answer->add_facts(FactText(fact, org));
    answer->add_positions(fact.position);
  }
}

absl::string_view BaseText(Base::Kind kind) {
  switch (kind) {
    case Base::Kind::kBooked:
      return "booking";
    case Base::Kind::kAdjusted:
      return "adjustment";
    case Base::Kind::kCancelled:
      return "cancellation";
    case Base::Kind::kInvoiced:
      return "invoice";
    case Base::Kind::kCollected:
      return "payment";
  }
  return "";
}

std::string ShareText(const Deal& deal, const Share& share) {
  if (share.overlay) {
    return absl::StrCat((Rational(Decimal::FromNanos(share.weight)) * 100).ToText(4), "% overlay");
  }
  return absl::StrCat((Rational::Of(share.weight, deal.weight_sum) * 100).ToText(4), "% share");
}

absl::Status AddCredits(const Deal& deal, uint32_t participant, v1::ExplainDealResponse* answer) {
  ASSIGN_OR_RETURN(const std::vector<BaseCredits> bases,
                   CreditBases(deal, deal.bases, Trigger::kBooked, nullptr, Rounding::kHalfUp));
  for (size_t b = 0; b < bases.size(); ++b) {
    for (size_t s = 0; s < deal.shares.size(); ++s) {
      if (deal.shares[s].participant != participant) continue;
      answer->add_credits(absl::StrCat(
          deal.bases[b].date.ToString(), ": ", Money(bases[b].credits[s], deal.currency), " (",
          ShareText(deal, deal.shares[s]), " of the ", BaseText(deal.bases[b].kind), " of ",
          Money(deal.bases[b].change, deal.currency), ")"));
    }
  }
  return absl::OkStatus();
}

// A measure of deals that a component has, alone or as a part of its measure.
struct DealPart {
  std::string role;  // "the numerator"; empty: it is the component's measure
  const Measure* measure = nullptr;
  std::vector<Contribution> contributions;  // of the deal
};

void ListDealParts(const Measure& measure, const std::string& role, std::vector<DealPart>* parts) {
  if (measure.kind == Measure::Kind::kDeals) {
    parts->push_back({role, &measure, {}});
    return;
  }
  for (size_t i = 0; i < measure.parts.size(); ++i) {
    std::string own;
    switch (measure.kind) {
      case Measure::Kind::kRatio:
        own = i == 0 ? "the numerator" : "the denominator";
        break;
      case Measure::Kind::kGrowth:
        own = "what grows";
        break;
      case Measure::Kind::kPeriods:
        own = "what each part of the period measures";
        break;
      default:
        own = absl::StrCat("term ", i + 1, " of the sum");
        break;
    }
    ListDealParts(measure.parts[i], role.empty() ? own : absl::StrCat(own, " of ", role), parts);
  }
}

// One version of a component, with what the deal adds to its measure.
struct VersionAnswer {
  uint32_t participant = kNobody;
  const PlanHistory* history = nullptr;
  const PublishedVersion* version = nullptr;
  const Component* component = nullptr;
  std::vector<DealPart> parts;

  bool counts() const {
    return std::any_of(parts.begin(), parts.end(),
                       [](const DealPart& part) { return !part.contributions.empty(); });
  }
  std::vector<Date> dates() const {
    std::vector<Date> dates;
    for (const DealPart& part : parts) {
      for (const Contribution& fact : part.contributions) dates.push_back(fact.date);
    }
    return dates;
  }
};

// The goal that was chosen for the measurement period of a day; null if none was.
const Goal* ChosenGoal(const Evaluator& evaluator, const VersionAnswer& answer, Date date) {
  const Component& component = *answer.component;
  const Reference& reference = evaluator.view().reference();
  for (const Period& period : evaluator.MeasurementPeriods(component, {date, date})) {
    const auto chosen = reference.goals->find(
        std::make_tuple(answer.participant, answer.version->program.plan_id, component.component_id,
                        reference.calendar().Label(period)));
    if (chosen == reference.goals->end()) continue;
    for (const Goal& goal : component.goals) {
      if (goal.goal_id == chosen->second.goal_id) return &goal;
    }
  }
  return nullptr;
}

bool PaysGoals(const Component& component) { return component.payout.kind == Payout::Kind::kGoals; }

// Of a component that pays goals it is the chosen one that measures.
void ListPartsOf(const Evaluator& evaluator, const Deal& deal, VersionAnswer* answer) {
  if (PaysGoals(*answer->component)) {
    const Goal* goal = deal.booked ? ChosenGoal(evaluator, *answer, deal.booked_on) : nullptr;
    if (goal == nullptr) return;
    ListDealParts(goal->measure, absl::StrCat("goal ", goal->goal_id), &answer->parts);
  } else if (answer->component->measure.has_value()) {
    ListDealParts(*answer->component->measure, "", &answer->parts);
  }
}

// Why a deal adds nothing to a measure of deals.
std::string WhyNotIn(Evaluator* evaluator, const Deal& deal, const VersionAnswer& answer,
                     const Measure& measure) {
  std::string left_out = WhyLeftOut(measure.where, deal);
  if (!left_out.empty()) return left_out;
  const Reference& reference = evaluator->reference();
  const std::vector<Base> bases =
      BasesUnder(deal, answer.component->trigger, answer.component->clawback.mode, std::nullopt)
          .bases;
  if (bases.empty()) return "nothing of the deal was invoiced or collected yet";
  const DaySet& in_plan = *evaluator->InPlan(answer.participant, *answer.history);
  const Date date = bases.front().date;
  if (!in_plan.Contains(date)) {
    const std::optional<Date> first = in_plan.first();
    if (first.has_value() && date < *first) {
      return absl::StrCat("credit dated ", date.ToString(), ", first day in the plan ",
                          first->ToString());
    }
    return WhyNotInPlan(*reference.org, *answer.history, answer.participant, date);
  }
  if (measure.scope == Scope::kOwn) {
    return absl::StrCat(reference.org->Id(answer.participant), " has no share in the deal");
  }
  return "nobody with a share was in the scope on that date";
}

// Why a deal adds nothing to any part of a component's measure.
std::string WhyNot(Evaluator* evaluator, const Deal& deal, const VersionAnswer& answer) {
  if (!deal.booked) return "the deal is not booked";
  if (answer.parts.empty() && PaysGoals(*answer.component)) {
    const Goal* goal = ChosenGoal(*evaluator, answer, deal.booked_on);
    if (goal == nullptr) return "no goal of the component was chosen for that time";
    return absl::StrCat("goal ", goal->goal_id, " measures no deals but the ",
                        MeasureText(goal->measure));
  }
  if (answer.parts.empty()) {
    if (!answer.component->measure.has_value()) return "the component measures nothing";
    return absl::StrCat("the component measures no deals but the ",
                        MeasureText(*answer.component->measure));
  }
  std::vector<std::string> reasons;
  bool same = true;
  for (const DealPart& part : answer.parts) {
    reasons.push_back(WhyNotIn(evaluator, deal, answer, *part.measure));
    same = same && reasons.back() == reasons.front();
  }
  if (same) return reasons.front();
  for (size_t i = 0; i < reasons.size(); ++i) {
    reasons[i] = absl::StrCat("not in ", answer.parts[i].role, ": ", reasons[i]);
  }
  return absl::StrJoin(reasons, "; ");
}

// "counted in version 1 as the numerator from 2025-02-03".
std::string HowCounted(const VersionAnswer& answer) {
  std::vector<std::string> places;
  for (const DealPart& part : answer.parts) {
    if (part.contributions.empty()) continue;
    places.push_back(absl::StrCat(part.role.empty() ? "" : absl::StrCat("as ", part.role, " "),
                                  "from ", part.contributions.front().date.ToString()));
  }
  return absl::StrCat("counted in version ", answer.version->version, " ",
                      absl::StrJoin(places, " and "));
}

// Adds what of the lines of one component is attributed to the deal.
absl::Status AddLines(Evaluator* evaluator, const Period& payout, const Deal& deal,
                      const VersionAnswer& answer, std::set<std::string>* seen,
                      v1::DealInComponent* to) {
  ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines,
                   evaluator->LinesOf(answer.participant, payout));
  for (const EarnedLine& line : lines) {
    if (line.group == nullptr || line.group->history != answer.history ||
        line.component_id != answer.component->component_id || !line.is_money() ||
        !seen->insert(line.line_id).second) {
      continue;
    }
    ASSIGN_OR_RETURN(const LineAttribution attribution, AttributeLine(evaluator, line));
    for (const DealAmount& part : attribution.deals) {
      if (part.deal->deal_id != deal.deal_id) continue;
      to->mutable_attributed()->set_minor_units(to->attributed().minor_units() + part.amount);
      to->add_line_ids(line.line_id);
    }
  }
  return absl::OkStatus();
}

// All versions of one component that were ever in force, the first first.
absl::StatusOr<std::vector<VersionAnswer>> AskVersions(Evaluator* evaluator,
                                                       const PlanHistory& history,
                                                       const std::string& component_id,
                                                       uint32_t participant,
                                                       const std::shared_ptr<const Deal>& deal) {
  std::vector<VersionAnswer> answers;
  std::set<const PublishedVersion*> asked;
  for (const VersionRun& run : history.runs()) {
    if (!asked.insert(run.version).second) continue;
    for (const Component& component : run.version->program.components) {
      if (component.component_id != component_id) continue;
      VersionAnswer answer{participant, &history, run.version, &component, {}};
      ListPartsOf(*evaluator, *deal, &answer);
      for (DealPart& part : answer.parts) {
        ASSIGN_OR_RETURN(part.contributions,
                         evaluator->ContributionsToMeasure(participant, history, *run.version,
                                                           component, *part.measure, deal));
      }
      answers.push_back(std::move(answer));
    }
  }
  return answers;
}

// The version in force on a day, else the last one.
const VersionAnswer& AnswerOn(const std::vector<VersionAnswer>& answers, Date date) {
  for (const VersionAnswer& answer : answers) {
    if (answer.history->InForce(date) == answer.version) return answer;
  }
  return answers.back();
}

void SetReason(Evaluator* evaluator, const std::vector<VersionAnswer>& answers, const Deal& deal,
               Date date, v1::DealInComponent* to) {
  const VersionAnswer* counted = &AnswerOn(answers, date);
  for (const VersionAnswer& answer : answers) {
    if (!counted->counts()) counted = &answer;
  }
  if (!counted->counts()) {
    to->set_reason(WhyNot(evaluator, deal, AnswerOn(answers, date)));
    return;
  }
  const Program& program = counted->version->program;
  // What counts in several parts is the same credit.
  for (const DealPart& part : counted->parts) {
    if (part.contributions.empty() || !part.measure->is_money()) continue;
    Rational sum = 0;
    for (const Contribution& contribution : part.contributions) sum += contribution.value;
    to->set_credit_minor_units(sum.Round(program.rounding).value_or(0));
    break;
  }
  to->set_counted(true);
  to->mutable_attributed()->set_currency(std::string(program.currency.code()));
  to->set_reason(HowCounted(*counted));
}

absl::Status AnswerComponent(Evaluator* evaluator, const std::vector<VersionAnswer>& answers,
                             const Deal& deal, Date date, v1::DealInComponent* to) {
  to->set_plan_id(answers.front().version->program.plan_id);
  to->set_component_id(answers.front().component->component_id);
  SetReason(evaluator, answers, deal, date, to);
  const Reference& reference = evaluator->reference();
  std::set<std::string> seen;
  for (const VersionAnswer& answer : answers) {
    const Component& component = *answer.component;
    std::set<Period> payouts;
    for (const Date dated : answer.dates()) {
      for (const Period& period : evaluator->MeasurementPeriods(component, {dated, dated})) {
        payouts.insert(reference.PayoutPeriodOf(component.running ? dated : period.last()));
      }
    }
    if (answer.counts()) {
      for (const CancellationKey& key : CancellationsOf(deal)) {
        payouts.insert(reference.PayoutPeriodOf(key.date));
      }
    }
    for (const Period& payout : payouts) {
      RETURN_IF_ERROR(AddLines(evaluator, payout, deal, answer, &seen, to));
    }
  }
  return absl::OkStatus();
}

std::vector<std::string> ComponentsOf(const PlanHistory& history) {
  std::vector<std::string> ids;
  for (const VersionRun& run : history.runs()) {
    for (const Component& component : run.version->program.components) {
      if (std::find(ids.begin(), ids.end(), component.component_id) == ids.end()) {
        ids.push_back(component.component_id);
      }
    }
  }
  return ids;
}

}  // namespace

absl::StatusOr<v1::ExplainDealResponse> ExplainDeal(const FactsView& view,
                                                    absl::string_view deal_id,
                                                    absl::string_view participant_id) {
  ASSIGN_OR_RETURN(const uint32_t participant, FindParticipant(view, participant_id));
  ASSIGN_OR_RETURN(const FoundDeal found, FindDealFacts(view, deal_id));
  v1::ExplainDealResponse answer;
  AddFacts(found.facts, *view.reference().org, &answer);
  Evaluator evaluator(view);
  ASSIGN_OR_RETURN(const std::shared_ptr<const Deal> deal, evaluator.GetDeal(found.stream));
  RETURN_IF_ERROR(AddCredits(*deal, participant, &answer));
  const Date date = deal->booked ? deal->booked_on : found.facts.facts.front().date;
  for (const auto& [plan_id, history] : *view.reference().plans) {
    if (evaluator.InPlan(participant, history)->empty()) continue;
    for (const std::string& component_id : ComponentsOf(history)) {
      ASSIGN_OR_RETURN(const std::vector<VersionAnswer> answers,
                       AskVersions(&evaluator, history, component_id, participant, deal));
      RETURN_IF_ERROR(AnswerComponent(&evaluator, answers, *deal, date, answer.add_components()));
    }
  }
  return answer;
}

}  // namespace payfold
