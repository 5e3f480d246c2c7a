// Statements, balances and lists of lines.

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/explanation.h"
#include "projections/facts/run_parallel.h"
#include "projections/queries.h"
#include "projections/statements/lookup.h"

namespace payfold {
namespace {

absl::Status AddMinorUnits(int64_t amount, int64_t* sum) {
  if (__builtin_add_overflow(*sum, amount, sum)) {
    return absl::OutOfRangeError("a total does not fit in 64 bits of minor units");
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Line> MakeLine(Evaluator* evaluator, const EarnedLine& line,
                                  bool with_explanation) {
  v1::Line proto = LineProto(*evaluator, line);
  if (with_explanation) {
    ASSIGN_OR_RETURN(*proto.mutable_explanation(), ExplainEarnedLine(evaluator, line));
  }
  return proto;
}

v1::Statement StartStatement(const FactsView& view, absl::string_view participant_id,
                             const Period& period, absl::string_view currency) {
  v1::Statement statement;
  statement.set_participant_id(std::string(participant_id));
  statement.set_period(view.reference().calendar().Label(period));
  statement.set_first_day(period.first().ToString());
  statement.set_last_day(period.last().ToString());
  statement.set_currency(std::string(currency));
  return statement;
}

void AddToComponent(const v1::Line& line, const std::string& display_name,
                    v1::Statement* statement) {
  for (v1::ComponentTotal& total : *statement->mutable_components()) {
    if (total.plan_id() != line.plan_id() || total.component_id() != line.component_id()) continue;
    total.mutable_earned()->set_minor_units(total.earned().minor_units() +
                                            line.amount().minor_units());
    return;
  }
  v1::ComponentTotal* total = statement->add_components();
  total->set_plan_id(line.plan_id());
  total->set_component_id(line.component_id());
  total->set_display_name(display_name);
  *total->mutable_earned() = line.amount();
}

using Statements = std::map<std::string, v1::Statement>;

void AddAdjustments(const FactsView& view, uint32_t participant, const Period& period,
                    Statements* statements) {
  const Org& org = *view.reference().org;
  const std::string label = view.reference().calendar().Label(period);
  for (const PostedAdjustment& posted : *view.reference().adjustments) {
    if (posted.participant != participant || posted.period != label) continue;
    auto [at, added] = statements->try_emplace(
        posted.currency, StartStatement(view, org.Id(participant), period, posted.currency));
    v1::StatementAdjustment* adjustment = at->second.add_adjustments();
    adjustment->set_adjustment_id(posted.adjustment_id);
    adjustment->mutable_amount()->set_currency(posted.currency);
    adjustment->mutable_amount()->set_minor_units(posted.amount);
    adjustment->set_position(posted.position);
  }
}

absl::Status SetTotals(v1::Statement* statement) {
  int64_t earned = 0;
  for (const v1::Line& line : statement->lines()) {
    RETURN_IF_ERROR(AddMinorUnits(line.amount().minor_units(), &earned));
  }
  int64_t payable = earned;
  for (const v1::StatementAdjustment& adjustment : statement->adjustments()) {
    RETURN_IF_ERROR(AddMinorUnits(adjustment.amount().minor_units(), &payable));
  }
  statement->set_earned_minor_units(earned);
  statement->set_payable_minor_units(payable);
  return absl::OkStatus();
}

bool Matches(const LineFilter& filter, const Period* dated_in, const EarnedLine& line) {
  return (filter.plan_id.empty() || filter.plan_id == line.group->program().plan_id) &&
         (filter.component_id.empty() ||
          filter.component_id == line.group->component->component_id) &&
         (dated_in == nullptr || dated_in->Contains(line.date));
}

absl::Status AddBalances(Evaluator* evaluator, uint32_t participant,
                         std::vector<v1::Balance>* balances) {
  const Reference& reference = evaluator->view().reference();
  struct Sums {
    int64_t earned = 0, adjusted = 0;
  };
  std::map<std::string, Sums> by_currency;
  for (const Period& period : evaluator->PayoutPeriodsOf(participant)) {
    ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines, evaluator->LinesOf(participant, period));
    for (const EarnedLine& line : lines) {
      Sums& sums = by_currency[std::string(line.group->program().currency.code())];
      RETURN_IF_ERROR(AddMinorUnits(line.amount, &sums.earned));
    }
  }
  for (const PostedAdjustment& posted : *reference.adjustments) {
    if (posted.participant != participant) continue;
    RETURN_IF_ERROR(AddMinorUnits(posted.amount, &by_currency[posted.currency].adjusted));
  }
  if (by_currency.empty() && reference.configuration.has_value()) {
    by_currency[reference.configuration->base_currency] = {};
  }
  for (const auto& [currency, sums] : by_currency) {
    v1::Balance balance;
    balance.set_participant_id(reference.org->Id(participant));
    balance.set_currency(currency);
    balance.set_earned_minor_units(sums.earned);
    balance.set_adjustments_minor_units(sums.adjusted);
    int64_t payable = sums.earned;
    RETURN_IF_ERROR(AddMinorUnits(sums.adjusted, &payable));
    balance.set_payable_minor_units(payable);
    balances->push_back(std::move(balance));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::Statement>> GetStatements(const FactsView& view,
                                                         absl::string_view participant_id,
                                                         absl::string_view period_label,
                                                         bool with_explanations) {
  ASSIGN_OR_RETURN(const uint32_t participant, FindParticipant(view, participant_id));
  ASSIGN_OR_RETURN(const Period period, ParsePayoutPeriodLabel(view, period_label));
  Evaluator evaluator(view);
  ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines, evaluator.LinesOf(participant, period));
  Statements statements;
  for (const EarnedLine& line : lines) {
    const std::string currency(line.group->program().currency.code());
    auto [at, added] =
        statements.try_emplace(currency, StartStatement(view, participant_id, period, currency));
    ASSIGN_OR_RETURN(v1::Line proto, MakeLine(&evaluator, line, with_explanations));
    AddToComponent(proto, line.group->component->display_name, &at->second);
    *at->second.add_lines() = std::move(proto);
  }
  AddAdjustments(view, participant, period, &statements);
  if (statements.empty()) {
    const std::string& currency = view.reference().configuration->base_currency;
    statements.emplace(currency, StartStatement(view, participant_id, period, currency));
  }
  std::vector<v1::Statement> list;
  for (auto& [currency, statement] : statements) {
    RETURN_IF_ERROR(SetTotals(&statement));
    for (const v1::Exception& exception : evaluator.exceptions()) {
      statement.add_notes(exception.message());
    }
    list.push_back(std::move(statement));
  }
  return list;
}

absl::StatusOr<std::vector<v1::Balance>> ListBalances(const FactsView& view,
                                                      absl::string_view participant_id,
                                                      int workers) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants,
                   SelectParticipants(view, participant_id));
  constexpr size_t kParticipantsPerTask = 64;
  const size_t tasks = (participants.size() + kParticipantsPerTask - 1) / kParticipantsPerTask;
  std::vector<std::vector<v1::Balance>> by_task(tasks);
  const auto list_some = [&](size_t task) -> absl::Status {
    Evaluator evaluator(view);
    for (uint32_t participant :
         absl::MakeSpan(participants).subspan(task * kParticipantsPerTask, kParticipantsPerTask)) {
      RETURN_IF_ERROR(AddBalances(&evaluator, participant, &by_task[task]));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(RunParallel(workers, tasks, list_some));
  std::vector<v1::Balance> balances;
  for (std::vector<v1::Balance>& part : by_task) {
    std::move(part.begin(), part.end(), std::back_inserter(balances));
  }
  return balances;
}

absl::StatusOr<std::vector<v1::Line>> ListLines(const FactsView& view, const LineFilter& filter) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants,
                   SelectParticipants(view, filter.participant_id));
  std::optional<Period> dated_in;
  if (!filter.period.empty()) {
    ASSIGN_OR_RETURN(dated_in, ParsePeriod(view, filter.period));
  }
  Evaluator evaluator(view);
  std::vector<v1::Line> lines;
  for (uint32_t participant : participants) {
    const std::vector<Period> periods =
        dated_in.has_value()
            ? PayoutPeriodsIn(view.reference(), dated_in->first(), dated_in->last())
            : evaluator.PayoutPeriodsOf(participant);
    for (const Period& period : periods) {
      ASSIGN_OR_RETURN(const std::vector<EarnedLine> earned,
                       evaluator.LinesOf(participant, period));
      for (const EarnedLine& line : earned) {
        if (!Matches(filter, dated_in.has_value() ? &*dated_in : nullptr, line)) continue;
        ASSIGN_OR_RETURN(v1::Line proto, MakeLine(&evaluator, line, filter.with_explanations));
        lines.push_back(std::move(proto));
      }
    }
  }
  std::stable_sort(lines.begin(), lines.end(), [](const v1::Line& a, const v1::Line& b) {
    return std::tie(a.participant_id(), a.date(), a.line_id()) <
           std::tie(b.participant_id(), b.date(), b.line_id());
  });
  return lines;
}

absl::StatusOr<v1::Line> ExplainLine(const FactsView& view, absl::string_view line_id) {
  const std::vector<std::string> parts = absl::StrSplit(line_id, '/');
  if (parts.size() != 6) {
    return absl::InvalidArgumentError(absl::StrCat(
        "line_id: ", Quote(line_id), " is no line id; one is participant/plan/component/",
        "measurement period/element/payout period, as `lines` shows it"));
  }
  ASSIGN_OR_RETURN(const uint32_t participant, FindParticipant(view, parts[0]));
  const std::vector<std::string> last = absl::StrSplit(parts[5], absl::MaxSplits('@', 1));
  ASSIGN_OR_RETURN(const Period period, ParsePayoutPeriodLabel(view, last[0]));
  Evaluator evaluator(view);
  ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines, evaluator.LinesOf(participant, period));
  for (const EarnedLine& line : lines) {
    if (line.line_id == line_id) return MakeLine(&evaluator, line, true);
  }
  return absl::NotFoundError(absl::StrCat(
      "the fold at position ", view.position(), " gives no line ", Quote(line_id), "; `lines ",
      "--participant ", parts[0], " --period ", last[0], "` lists those there are"));
}

}  // namespace payfold
