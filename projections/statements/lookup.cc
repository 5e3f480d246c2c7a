#include "projections/statements/lookup.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"

namespace payfold {

absl::StatusOr<uint32_t> FindParticipant(const FactsView& view, absl::string_view id) {
  const std::optional<uint32_t> number = view.reference().org->Find(id);
  if (number.has_value()) return *number;
  return absl::NotFoundError(absl::StrCat("no fact up to position ", view.position(),
                                          " names the participant ", Quote(id),
                                          "; `balances` lists those there are"));
}

absl::StatusOr<std::vector<uint32_t>> SelectParticipants(const FactsView& view,
                                                         absl::string_view id) {
  std::vector<uint32_t> selected;
  if (!id.empty()) {
    ASSIGN_OR_RETURN(const uint32_t participant, FindParticipant(view, id));
    selected.push_back(participant);
    return selected;
  }
  const Org& org = *view.reference().org;
  for (uint32_t participant = 0; participant < org.size(); ++participant) {
    if (!org.Id(participant).empty()) selected.push_back(participant);
  }
  std::sort(selected.begin(), selected.end(),
            [&](uint32_t a, uint32_t b) { return org.Id(a) < org.Id(b); });
  return selected;
}

absl::StatusOr<Period> ParsePeriod(const FactsView& view, absl::string_view label) {
  if (!view.reference().configuration.has_value()) {
    return absl::FailedPreconditionError(
        "the ledger is not configured; append a LedgerConfigured first");
  }
  return view.reference().calendar().Parse(label);
}

absl::StatusOr<Period> ParsePayoutPeriodLabel(const FactsView& view, absl::string_view label) {
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(view, label));
  const Period payout = view.reference().PayoutPeriodOf(period.first());
  if (payout == period) return period;
  return absl::InvalidArgumentError(
      absl::StrCat("period: ", Quote(label), " is no payout period of this ledger; the one with ",
                   "its first day is ", view.reference().calendar().Label(payout)));
}

std::vector<Period> PayoutPeriodsIn(const Reference& reference, Date first, Date last) {
  std::vector<Period> periods;
  for (Date d = first; d <= last; d = periods.back().last() + 1) {
    periods.push_back(reference.PayoutPeriodOf(d));
  }
  return periods;
}

absl::StatusOr<std::optional<Period>> ParsePeriodIfGiven(const FactsView& view,
                                                         absl::string_view label) {
  if (label.empty()) return std::nullopt;
  return ParsePeriod(view, label);
}

absl::StatusOr<std::vector<EarnedLine>> LinesDatedIn(Evaluator* evaluator, uint32_t participant,
                                                     const std::optional<Period>& period) {
  std::vector<Period> payouts;
  if (period.has_value()) {
    payouts = PayoutPeriodsIn(evaluator->reference(), period->first(), period->last());
  } else {
    ASSIGN_OR_RETURN(payouts, evaluator->PayoutPeriodsOf(participant));
  }
  std::vector<EarnedLine> dated;
  for (const Period& payout : payouts) {
    ASSIGN_OR_RETURN(std::vector<EarnedLine> lines, evaluator->LinesOf(participant, payout));
    for (EarnedLine& line : lines) {
      if (!period.has_value() || period->Contains(line.date)) dated.push_back(std::move(line));
    }
  }
  return dated;
}

absl::StatusOr<FoundDeal> FindDealFacts(const FactsView& view, absl::string_view deal_id) {
  FoundDeal found;
  ASSIGN_OR_RETURN(const std::optional<uint32_t> stream, view.FindDeal(deal_id));
  if (stream.has_value()) {
    found.stream = *stream;
    ASSIGN_OR_RETURN(found.facts, view.GetDealFacts(*stream));
  }
  if (!found.facts.facts.empty()) return found;
  return absl::NotFoundError(absl::StrCat("no fact up to position ", view.position(),
                                          " is about a deal ", Quote(deal_id)));
}

absl::Status VisitGroups(Evaluator* evaluator, uint32_t participant, const Period& asked,
                         absl::FunctionRef<absl::Status(const GroupQuery& query)> visit) {
  for (const auto& [plan_id, history] : *evaluator->reference().plans) {
    const std::shared_ptr<const DaySet> in_plan = evaluator->InPlan(participant, history);
    for (const VersionRun& run : history.runs()) {
      for (const Component& component : run.version->program.components) {
        if (!component.measure.has_value() && component.goals.empty()) continue;
        for (const Period& period :
             evaluator->MeasurementPeriods(component, {asked.first(), asked.last()})) {
          const GroupQuery query{participant, &history, run, &component, period};
          if (query.segment().empty() || !in_plan->Overlaps(query.segment())) continue;
          RETURN_IF_ERROR(visit(query));
        }
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace payfold
