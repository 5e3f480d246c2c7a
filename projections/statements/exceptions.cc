// What waits or lacks something, and the list of plan versions.
//
// Source: specification, calculation 12.

#include "projections/statements/exceptions.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/membership.h"
#include "projections/queries.h"
#include "projections/statements/lookup.h"

namespace payfold {
namespace {

using Exceptions = std::vector<v1::Exception>;

void Add(absl::string_view kind, uint64_t position, absl::string_view subject, std::string message,
         Exceptions* exceptions) {
  v1::Exception exception;
  exception.set_kind(std::string(kind));
  exception.set_position(position);
  exception.set_subject(std::string(subject));
  exception.set_message(std::move(message));
  exceptions->push_back(std::move(exception));
}

bool IsAllDays(Days days) { return days.first == kAllDays.first && days.last == kAllDays.last; }

bool HasDateIn(const DealFacts& deal, Days days) {
  const std::vector<Date> dates = StatedDates(deal);
  return IsAllDays(days) || std::any_of(dates.begin(), dates.end(), [&](Date date) {
           return days.first <= date && date <= days.last;
         });
}

void AddWaitingVoids(const Reference& reference, Exceptions* exceptions) {
  for (const auto& [event_id, position] : *reference.waiting_voids) {
    Add("SUSPENSE", position, event_id,
        absl::StrCat("the void waits for the fact ", event_id, "; it will be void on arrival"),
        exceptions);
  }
}

bool IsAssignedIn(const PlanHistory& history, uint32_t people, Days days) {
  for (uint32_t participant = 0; participant < people; ++participant) {
    for (const Assignment& assignment : history.Assignments(participant)) {
      if (assignment.from <= days.last && days.first <= assignment.to) return true;
    }
  }
  return IsAllDays(days);
}

// Credits of one participant that no plan pays: one exception for each cause.
struct UnpaidCredits {
  int64_t count = 0;
  const Credit* first = nullptr;

  void Note(const Credit& credit) {
    ++count;
    if (first == nullptr || credit.date < first->date) first = &credit;
  }
};

absl::Status AddUnpaid(Evaluator* evaluator, uint32_t participant, absl::string_view kind,
                       absl::string_view cause, const UnpaidCredits& unpaid,
                       Exceptions* exceptions) {
  if (unpaid.first == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::shared_ptr<const Deal> deal, evaluator->GetDeal(unpaid.first->deal));
  const std::string& id = evaluator->view().reference().org->Id(participant);
  Add(kind, deal->bases.front().position, id,
      absl::StrCat(
          unpaid.count, unpaid.count == 1 ? " credit of " : " credits of ", id,
          unpaid.count == 1 ? " earns nothing, of deal " : " earn nothing, the first of deal ",
          deal->deal_id, " on ", unpaid.first->date.ToString(), ": ", cause),
      exceptions);
  return absl::OkStatus();
}

// Why somebody is in no plan on a day. REQUIRES: they have a state on it.
std::string InNoPlan(Evaluator* evaluator, uint32_t participant, Date date) {
  const ParticipantState* state = evaluator->reference().org->StateOn(participant, date);
  if (state->status != ParticipantState::Status::kActive) {
    return absl::StrCat(
        state->status == ParticipantState::Status::kLeave ? "they are on leave" : "they have left",
        " on that date, and so in no plan; append a ParticipantChanged if that is wrong");
  }
  std::optional<Date> first;
  for (const auto& [plan_id, history] : *evaluator->reference().plans) {
    const std::optional<Date> start = evaluator->InPlan(participant, history)->first();
    if (start.has_value()) first = std::min(first.value_or(*start), *start);
  }
  const bool before = first.has_value() && date < *first;
  return absl::StrCat(
      "they are in no plan on that date",
      before ? absl::StrCat(", their first day in one is ", first->ToString()) : std::string(),
      "; publish a plan or assign one");
}

// Evaluates everything, which finds what is undefined or missing.
absl::Status AddFromEvaluation(Evaluator* evaluator, uint32_t participant) {
  ASSIGN_OR_RETURN(const std::vector<Period> periods, evaluator->PayoutPeriodsOf(participant));
  for (const Period& period : periods) {
    RETURN_IF_ERROR(evaluator->LinesOf(participant, period).status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AddDealIssues(const FactsView& view, Days days, Exceptions* exceptions) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> streams,
                   view.facts().Marked(FactReader::Mark::kIssues));
  for (uint32_t stream : streams) {
    ASSIGN_OR_RETURN(const DealFacts facts, view.GetDealFacts(stream));
    if (!HasDateIn(facts, days)) continue;
    const Deal deal = ResolveDeal(facts, *view.reference().policies);
    for (const DealIssue& issue : deal.issues) {
      Add("SUSPENSE", issue.position, deal.deal_id, issue.message, exceptions);
    }
  }
  return absl::OkStatus();
}

void AddWaitingPlans(const Reference& reference, Days days, Exceptions* exceptions) {
  for (const auto& [plan_id, history] : *reference.plans) {
    if (!history.versions().empty()) continue;
    if (!IsAssignedIn(history, reference.org->size(), days)) continue;
    Add("SUSPENSE", 0, plan_id,
        absl::StrCat("assignments or retirements of plan ", plan_id, " wait for its PlanPublished"),
        exceptions);
  }
}

absl::Status AddUnpaidCredits(Evaluator* evaluator, uint32_t participant, Days days,
                              Exceptions* exceptions) {
  const FactsView& view = evaluator->view();
  const Reference& reference = view.reference();
  ASSIGN_OR_RETURN(const std::vector<Credit> credits,
                   view.GetCredits(participant, days.first, days.last));
  UnpaidCredits before_state, in_no_plan;
  for (const Credit& credit : credits) {
    if (!credit.is_booking()) continue;
    if (reference.org->StateOn(participant, credit.first_base) == nullptr) {
      before_state.Note(credit);
      continue;
    }
    const bool in_plan =
        std::any_of(reference.plans->begin(), reference.plans->end(), [&](const auto& plan) {
          return evaluator->InPlan(participant, plan.second)
              ->Contains(credit.kind == Base::Kind::kCancelled ? credit.first_base : credit.date);
        });
    if (!in_plan) in_no_plan.Note(credit);
  }
  RETURN_IF_ERROR(AddUnpaid(evaluator, participant, "NO_STATE",
                            "no ParticipantChanged is in effect on that date; append one",
                            before_state, exceptions));
  if (in_no_plan.first == nullptr) return absl::OkStatus();
  return AddUnpaid(evaluator, participant, "NO_PLAN",
                   InNoPlan(evaluator, participant, in_no_plan.first->date), in_no_plan,
                   exceptions);
}

std::string TextOf(const v1::Exception& exception) {
  if (absl::StrContains(exception.message(), exception.subject())) return exception.message();
  return absl::StrCat(exception.subject(), ": ", exception.message());
}

void SortExceptions(Exceptions* exceptions) {
  std::stable_sort(exceptions->begin(), exceptions->end(),
                   [](const v1::Exception& a, const v1::Exception& b) {
                     return std::make_tuple(a.kind(), a.position(), a.subject()) <
                            std::make_tuple(b.kind(), b.position(), b.subject());
                   });
}

absl::StatusOr<std::vector<v1::Exception>> ListExceptions(const FactsView& view) {
  Exceptions exceptions;
  RETURN_IF_ERROR(AddDealIssues(view, kAllDays, &exceptions));
  AddWaitingVoids(view.reference(), &exceptions);
  AddWaitingPlans(view.reference(), kAllDays, &exceptions);
  Evaluator evaluator(view);
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants, SelectParticipants(view, ""));
  for (uint32_t participant : participants) {
    RETURN_IF_ERROR(AddUnpaidCredits(&evaluator, participant, kAllDays, &exceptions));
    RETURN_IF_ERROR(AddFromEvaluation(&evaluator, participant));
  }
  for (v1::Exception& exception : evaluator.exceptions()) {
    exceptions.push_back(std::move(exception));
  }
  SortExceptions(&exceptions);
  return exceptions;
}

absl::StatusOr<std::vector<v1::PlanVersion>> ListPlanVersions(const FactsView& view) {
  std::vector<v1::PlanVersion> versions;
  for (const auto& [plan_id, history] : *view.reference().plans) {
    for (const auto& published : history.versions()) {
      v1::PlanVersion version;
      version.set_plan_id(plan_id);
      version.set_version(published->version);
      version.set_position(published->position);
      *version.mutable_plan() = published->plan;
      const std::optional<Date> retired = history.RetiredAfter(*published);
      if (retired.has_value()) version.set_retired_after(retired->ToString());
      versions.push_back(std::move(version));
    }
  }
  return versions;
}

}  // namespace payfold
