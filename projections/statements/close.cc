// What a close posts, and whether what was posted is what the fold gives.

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "google/protobuf/util/message_differencer.h"
#include "ledger/admission/deterministic.h"
#include "ledger/base/coding.h"
#include "ledger/base/quote.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/run_parallel.h"
#include "projections/statements/closed_periods.h"
#include "projections/statements/exceptions.h"
#include "projections/statements/lookup.h"
#include "projections/statements/make_statement.h"
#include "projections/statements/periods.h"
#include "projections/statements/settlement_sum.h"

namespace payfold {
namespace {

// Participants that share what is read for them. Never changes with the workers, so
// that nothing can.
constexpr size_t kParticipantsPerTask = 64;

struct ClosePart {
  std::vector<v1::Statement> statements;
  std::vector<v1::Exception> exceptions;
};

// Closes one payout period on a view.
class PeriodCloser {
 public:
  PeriodCloser(const FactsView& view, const Period& period)
      : view_(view), period_(period), stated_(view.reference(), kNobody), late_(view) {}

  // Of some participants, who must be called in the same company for the same answer.
  absl::StatusOr<ClosePart> CloseFor(absl::Span<const uint32_t> participants,
                                     const GoOn& go_on) const {
    Evaluator evaluator(view_);
    ClosePart part;
    for (uint32_t participant : participants) {
      if (go_on) RETURN_IF_ERROR(go_on());
      RETURN_IF_ERROR(CloseOne(&evaluator, participant, &part));
    }
    return part;
  }

  // The days whose exceptions touch the close: those of the period and, at the first
  // close, all before it.
  Days touched() const {
    return {view_.reference().closes->any() ? period_.first() : Date::Min(), period_.last()};
  }

 private:
  absl::Status CloseOne(Evaluator* evaluator, uint32_t participant, ClosePart* part) const;
  absl::StatusOr<std::vector<v1::Exception>> ExceptionsOf(const Evaluator& shared,
                                                          uint32_t participant) const;

  const FactsView& view_;
  Period period_;
  StatedMoney stated_;
  LateFacts late_;
};

// Of the participant's lines in the period alone: what others share found undefined,
// or earlier periods lack, is not theirs to say.
absl::StatusOr<std::vector<v1::Exception>> PeriodCloser::ExceptionsOf(const Evaluator& shared,
                                                                      uint32_t participant) const {
  if (shared.exceptions().empty()) return std::vector<v1::Exception>();
  Evaluator evaluator(view_);
  RETURN_IF_ERROR(evaluator.LinesOf(participant, period_).status());
  return evaluator.exceptions();
}

absl::Status PeriodCloser::CloseOne(Evaluator* evaluator, uint32_t participant,
                                    ClosePart* part) const {
  RETURN_IF_ERROR(AddUnpaidCredits(evaluator, participant, touched(), &part->exceptions));
  ASSIGN_OR_RETURN(Settlement settlement, Settlement::Make(evaluator, participant, stated_));
  ASSIGN_OR_RETURN(const Posted posted, ReadPosted(view_, participant));
  ASSIGN_OR_RETURN(auto left, SettleClosed(evaluator, participant, period_.first() - 1, posted,
                                           &late_, &settlement));
  settlement.ContinueFromCloses(std::move(left));
  ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines, settlement.LinesIn(period_));
  ASSIGN_OR_RETURN(const std::vector<v1::Exception> exceptions,
                   ExceptionsOf(*evaluator, participant));
  ASSIGN_OR_RETURN(const PeriodSettlement settled, settlement.Settle(period_, lines));
  ASSIGN_OR_RETURN(auto statements, MakeStatements(evaluator, {participant, period_, &lines,
                                                               &settled, &exceptions, false}));
  for (auto& [currency, statement] : statements) part->statements.push_back(std::move(statement));
  part->exceptions.insert(part->exceptions.end(), exceptions.begin(), exceptions.end());
  return absl::OkStatus();
}

// The same of several participants is said once.
void DropRepeated(std::vector<v1::Exception>* exceptions) {
  SortExceptions(exceptions);
  std::set<std::string> known;
  std::erase_if(*exceptions, [&](const v1::Exception& exception) {
    return !known.insert(SerializeDeterministically(exception)).second;
  });
}

absl::Status SetClosed(const FactsView& view, const Period& period, ComputedClose* close) {
  v1::PeriodClosed& closed = close->closed;
  closed.set_period(view.reference().calendar().Label(period));
  closed.set_folded_position(view.position());
  closed.set_statements_digest(DigestOfStatements(close->statements));
  std::map<std::string, int64_t> totals;
  for (const v1::Statement& statement : close->statements) {
    RETURN_IF_ERROR(AddMinorUnits(statement.payable_minor_units(), &totals[statement.currency()]));
  }
  for (const auto& [currency, minor_units] : totals) {
    v1::Money* total = closed.add_totals();
    total->set_currency(currency);
    total->set_minor_units(minor_units);
  }
  for (const v1::Exception& exception : close->exceptions) {
    closed.add_exceptions(TextOf(exception));
  }
  return absl::OkStatus();
}

// The versions of a plan that were in force in a period as a fold knew them.
std::set<uint32_t> VersionsIn(const PlanHistory& history, uint64_t folded_position,
                              const Period& period) {
  PlanHistory known;
  for (const auto& version : history.versions()) {
    if (version->position <= folded_position) known.AddVersion(version);
  }
  for (const Retirement& retirement : history.retirements()) {
    if (retirement.position <= folded_position) known.AddRetirement(retirement);
  }
  std::set<uint32_t> versions;
  for (const VersionRun& run : known.runs()) {
    if (run.first <= period.last() && period.first() <= run.last) {
      versions.insert(run.version->version);
    }
  }
  return versions;
}

// The name of the first field in which two messages differ.
std::string FirstDifference(const google::protobuf::Message& posted,
                            const google::protobuf::Message& computed) {
  std::string text;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&text);
  differencer.Compare(posted, computed);
  return text.substr(0, text.find('\n'));
}

// "the statement of "ana" in USD".
std::string NameOf(const v1::Statement& statement) {
  return absl::StrCat("the statement of ", Quote(statement.participant_id()), " in ",
                      statement.currency());
}

}  // namespace

absl::StatusOr<ComputedClose> ComputeClose(const FactsView& view, absl::string_view period_label,
                                           int workers, const GoOn& go_on) {
  ASSIGN_OR_RETURN(const Period period, ParsePayoutPeriodLabel(view, period_label));
  RETURN_IF_ERROR(CheckMayClose(view, period));
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants, SelectParticipants(view, ""));
  const PeriodCloser closer(view, period);
  std::vector<ClosePart> parts((participants.size() + kParticipantsPerTask - 1) /
                               kParticipantsPerTask);
  RETURN_IF_ERROR(RunParallel(workers, parts.size(), [&](size_t task) -> absl::Status {
    const auto of_task = absl::MakeConstSpan(participants)
                             .subspan(task * kParticipantsPerTask, kParticipantsPerTask);
    ASSIGN_OR_RETURN(parts[task], closer.CloseFor(of_task, go_on));
    return absl::OkStatus();
  }));
  ComputedClose close;
  RETURN_IF_ERROR(AddDealIssues(view, closer.touched(), &close.exceptions));
  AddWaitingPlans(view.reference(), closer.touched(), &close.exceptions);
  for (ClosePart& part : parts) {
    std::move(part.statements.begin(), part.statements.end(), std::back_inserter(close.statements));
    std::move(part.exceptions.begin(), part.exceptions.end(), std::back_inserter(close.exceptions));
  }
  DropRepeated(&close.exceptions);
  close.plan_versions = PlanVersionsUsed(view, view.plans_position(), close.statements);
  for (const auto& [plan_id, version] : close.plan_versions) {
    v1::PlanVersionUsed* used = close.closed.add_plan_versions();
    used->set_plan_id(plan_id);
    used->set_version(version);
  }
  RETURN_IF_ERROR(SetClosed(view, period, &close));
  return close;
}

std::string DigestOfStatements(const std::vector<v1::Statement>& statements) {
  Sha256Hasher hasher;
  for (const v1::Statement& statement : statements) {
    const std::string bytes = SerializeDeterministically(statement);
    std::string length;
    PutBig64(&length, bytes.size());
    hasher.Update(length);
    hasher.Update(bytes);
  }
  const Sha256Digest digest = hasher.Finish();
  return std::string(AsBytes(digest));
}

std::set<std::pair<std::string, uint32_t>> PlanVersionsUsed(
    const FactsView& view, uint64_t folded_position, const std::vector<v1::Statement>& statements) {
  const Reference& reference = view.reference();
  std::set<std::pair<std::string, std::string>> settled;  // (plan id, period)
  std::set<std::pair<std::string, uint32_t>> used;
  for (const v1::Statement& statement : statements) {
    for (const v1::Line& line : statement.lines()) {
      used.emplace(line.plan_id(), line.plan_version());
    }
    for (const v1::PlanSettlement& plan : statement.settlements()) {
      settled.emplace(plan.plan_id(), statement.period());
    }
    for (const v1::PriorPeriodAdjustment& prior : statement.prior_adjustments()) {
      settled.emplace(prior.difference().plan_id(), prior.origin_period());
    }
  }
  for (const auto& [plan_id, label] : settled) {
    const auto plan = reference.plans->find(plan_id);
    const absl::StatusOr<Period> period = reference.calendar().Parse(label);
    if (plan == reference.plans->end() || !period.ok()) continue;
    for (uint32_t version : VersionsIn(plan->second, folded_position, *period)) {
      used.emplace(plan_id, version);
    }
  }
  return used;
}

absl::StatusOr<std::optional<CloseDifference>> CheckClose(const FactsView& view,
                                                          const std::vector<v1::Statement>& posted,
                                                          const v1::PeriodClosed& closed,
                                                          int workers, const GoOn& go_on) {
  ASSIGN_OR_RETURN(const ComputedClose computed,
                   ComputeClose(view, closed.period(), workers, go_on));
  const auto differs = [](size_t statement, std::string text) {
    return std::make_optional(CloseDifference{statement, std::move(text)});
  };
  const size_t count = std::min(posted.size(), computed.statements.size());
  for (size_t i = 0; i < count; ++i) {
    const v1::Statement& statement = computed.statements[i];
    if (SerializeDeterministically(posted[i]) == SerializeDeterministically(statement)) continue;
    return differs(i, absl::StrCat(NameOf(posted[i]), " is not what the fold gives: ",
                                   FirstDifference(posted[i], statement)));
  }
  if (posted.size() > count) {
    return differs(count,
                   absl::StrCat(NameOf(posted[count]), " is one that the fold does not give"));
  }
  if (computed.statements.size() > count) {
    return differs(count, absl::StrCat(NameOf(computed.statements[count]), " was not posted"));
  }
  if (SerializeDeterministically(closed) == SerializeDeterministically(computed.closed)) {
    return std::optional<CloseDifference>();
  }
  return differs(count, absl::StrCat("it is not what the fold gives: ",
                                     FirstDifference(closed, computed.closed)));
}

}  // namespace payfold
