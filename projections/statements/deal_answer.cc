// What a deal did for a participant, or why not.

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
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

// One version of a component, with what the deal adds to its measure.
struct VersionAnswer {
  uint32_t participant = kNobody;
  const PlanHistory* history = nullptr;
  const PublishedVersion* version = nullptr;
  const Component* component = nullptr;
  std::vector<Contribution> contributions;
};

// Why a deal adds nothing to a component's measure.
std::string WhyNot(Evaluator* evaluator, const Deal& deal, const VersionAnswer& answer) {
  if (!deal.booked) return "the deal is not booked";
  const std::optional<Measure>& measure = answer.component->measure;
  if (!measure.has_value() || measure->kind != Measure::Kind::kDeals) {
    return "the component measures no deals of its own";
  }
  std::string left_out = WhyLeftOut(measure->where, deal);
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
  if (measure->scope == Scope::kOwn) {
    return absl::StrCat(reference.org->Id(answer.participant), " has no share in the deal");
  }
  return "nobody with a share was in the scope on that date";
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
      ASSIGN_OR_RETURN(
          answer.contributions,
          evaluator->ContributionsToComponent(participant, history, *run.version, component, deal));
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
    if (counted->contributions.empty()) counted = &answer;
  }
  if (counted->contributions.empty()) {
    to->set_reason(WhyNot(evaluator, deal, AnswerOn(answers, date)));
    return;
  }
  const Program& program = counted->version->program;
  Rational sum = 0;
  for (const Contribution& contribution : counted->contributions) sum += contribution.value;
  if (counted->component->measure->is_money()) {
    to->set_credit_minor_units(sum.Round(program.rounding).value_or(0));
  }
  to->set_counted(true);
  to->mutable_attributed()->set_currency(std::string(program.currency.code()));
  to->set_reason(absl::StrCat("counted in version ", counted->version->version, " from ",
                              counted->contributions.front().date.ToString()));
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
    for (const Contribution& contribution : answer.contributions) {
      const Days on = {contribution.date, contribution.date};
      for (const Period& period : evaluator->MeasurementPeriods(component, on)) {
        payouts.insert(
            reference.PayoutPeriodOf(component.running ? contribution.date : period.last()));
      }
    }
    if (!answer.contributions.empty()) {
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
  ASSIGN_OR_RETURN(const std::optional<uint32_t> stream, view.FindDeal(deal_id));
  DealFacts facts;
  if (stream.has_value()) {
    ASSIGN_OR_RETURN(facts, view.GetDealFacts(*stream));
  }
  if (facts.facts.empty()) {
    return absl::NotFoundError(absl::StrCat("no fact up to position ", view.position(),
                                            " is about a deal ", Quote(deal_id)));
  }
  v1::ExplainDealResponse answer;
  AddFacts(facts, *view.reference().org, &answer);
  Evaluator evaluator(view);
  ASSIGN_OR_RETURN(const std::shared_ptr<const Deal> deal, evaluator.GetDeal(*stream));
  RETURN_IF_ERROR(AddCredits(*deal, participant, &answer));
  const Date date = deal->booked ? deal->booked_on : facts.facts.front().date;
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
