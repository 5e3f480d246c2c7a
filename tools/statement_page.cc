#include "tools/statement_page.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/repeated_field.h"
#include "tools/output.h"

namespace payfold {
namespace {

using Kind = StatementRow::Kind;

// Rows of amounts in one currency.
class Page {
 public:
  explicit Page(std::string currency) : currency_(std::move(currency)) {}

  void Title(absl::string_view text) { Put(Kind::kTitle, text); }
  void Heading(absl::string_view text) { Put(Kind::kHeading, text); }
  void Text(absl::string_view text) { Put(Kind::kText, text); }
  void Item(absl::string_view text) { Put(Kind::kItem, text); }
  void Amount(absl::string_view label, int64_t minor) { Put(Kind::kAmount, label, Of(minor)); }
  void Sum(absl::string_view label, int64_t minor) { Put(Kind::kSum, label, Of(minor)); }

  StatementPage Take() { return {.rows = std::move(rows_)}; }

 private:
  std::string Of(int64_t minor) const { return AmountText(minor, currency_, OutputFormat::kTable); }
  void Put(Kind kind, absl::string_view label, std::string amount = "") {
    rows_.push_back({kind, std::string(label), std::move(amount)});
  }

  std::string currency_;
  std::vector<StatementRow> rows_;
};

void AddHead(const v1::GetStatementResponse& response, const v1::Statement& statement, Page* page) {
  const std::string who =
      response.display_name().empty()
          ? statement.participant_id()
          : absl::StrCat(response.display_name(), " (", statement.participant_id(), ")");
  page->Title(absl::StrCat("STATEMENT  ", statement.period()));
  page->Text(absl::StrCat("For        ", who));
  page->Text(absl::StrCat("Period     ", statement.first_day(), " to ", statement.last_day()));
  page->Text(absl::StrCat("Currency   ", statement.currency()));
  page->Text(absl::StrCat("Known      ", CoordinatesText(response.at())));
  if (response.state() > v1::OPEN) {
    page->Text(absl::StrCat("State      ", v1::PeriodState_Name(response.state()),
                            ": the statement is as it was posted"));
  }
}

void AddComponents(const v1::Statement& statement, Page* page) {
  for (const v1::ComponentTotal& total : statement.components()) {
    const std::string id = absl::StrCat(total.plan_id(), "/", total.component_id());
    page->Heading(total.display_name().empty() || total.display_name() == total.component_id()
                      ? id
                      : absl::StrCat(total.display_name(), " (", id, ")"));
    for (const v1::Line& line : statement.lines()) {
      if (line.plan_id() != total.plan_id() || line.component_id() != total.component_id()) {
        continue;
      }
      page->Amount(absl::StrCat("  ", line.date(), "  ", line.line_id()),
                   line.amount().minor_units());
    }
    page->Sum("", total.earned().minor_units());
  }
}

std::string SourceOf(const v1::PlanSettlement& settled) {
  return settled.plan_id().empty() ? " (opening balance)"
                                   : absl::StrCat(" (", settled.plan_id(), ")");
}

// What makes payable of earned, where it is not zero.
void AddSettlement(const v1::PlanSettlement& settled, Page* page) {
  const std::string of = SourceOf(settled);
  const auto add = [&](absl::string_view what, int64_t minor) {
    if (minor != 0) page->Amount(absl::StrCat(what, of), minor);
  };
  add("Draw top-up", settled.top_up_minor_units());
  add("Negative earnings, to the draw balance", settled.deferred_minor_units());
  add("Draw recovered", -settled.recovery_minor_units());
  add("Held", -settled.held_minor_units());
  add("Released", settled.released_minor_units());
}

std::string ChangeOf(const v1::PriorPeriodAdjustment& prior) {
  return absl::StrCat("Change of ", prior.origin_period(), SourceOf(prior.difference()));
}

void AddTotals(const v1::Statement& statement, Page* page) {
  page->Heading("");
  if (statement.lines().empty()) page->Text("Nothing was earned in this period.");
  page->Amount("Earned", statement.earned_minor_units());
  for (const v1::PlanSettlement& settled : statement.settlements()) AddSettlement(settled, page);
  if (statement.carried_in_minor_units() != 0) {
    page->Amount("Carried in", statement.carried_in_minor_units());
  }
  for (const v1::StatementAdjustment& adjustment : statement.adjustments()) {
    page->Amount(absl::StrCat("Adjustment ", adjustment.adjustment_id(), " (position ",
                              adjustment.position(), ")"),
                 adjustment.amount().minor_units());
  }
  for (const v1::PriorPeriodAdjustment& prior : statement.prior_adjustments()) {
    page->Amount(ChangeOf(prior), prior.payable_minor_units());
  }
  if (statement.carried_out_minor_units() != 0) {
    page->Amount("Carried into the next statement", -statement.carried_out_minor_units());
  }
  page->Sum(absl::StrCat("PAYABLE IN ", statement.currency()), statement.payable_minor_units());
  if (statement.has_payable_in_pay_currency()) {
    const v1::Money& paid = statement.payable_in_pay_currency();
    page->Text(absl::StrCat("Paid as ", paid.currency(), " ",
                            AmountText(paid.minor_units(), paid.currency(), OutputFormat::kTable)));
  }
}

// Balances that the statement leaves behind.
void AddBalances(const v1::Statement& statement, Page* page) {
  for (const v1::PlanSettlement& settled : statement.settlements()) {
    const std::string of = SourceOf(settled);
    if (settled.held_balance_minor_units() != 0) {
      page->Amount(absl::StrCat("Held for later", of), settled.held_balance_minor_units());
    }
    if (settled.draw_balance_after_minor_units() != 0) {
      page->Amount(absl::StrCat("Draw balance", of), settled.draw_balance_after_minor_units());
    }
    if (settled.draw_paid_minor_units() != 0) {
      page->Amount(absl::StrCat("Draw paid before", of), settled.draw_paid_minor_units());
    }
  }
}

void AddList(absl::string_view title, const google::protobuf::RepeatedPtrField<std::string>& texts,
             Page* page) {
  if (texts.empty()) return;
  page->Heading(title);
  for (const std::string& text : texts) page->Item(text);
}

// What changed and why, below the amounts.
void AddChanges(const google::protobuf::RepeatedPtrField<v1::PriorPeriodAdjustment>& changes,
                absl::string_view title, Page* page) {
  if (changes.empty()) return;
  page->Heading(title);
  for (const v1::PriorPeriodAdjustment& prior : changes) {
    page->Amount(ChangeOf(prior), prior.payable_minor_units());
    for (const v1::ComponentTotal& total : prior.components()) {
      page->Amount(absl::StrCat("    earned by ", total.component_id()),
                   total.earned().minor_units());
    }
    AddSettlement(prior.difference(), page);
    for (const v1::StatementAdjustment& adjustment : prior.adjustments()) {
      page->Amount(absl::StrCat("    adjustment ", adjustment.adjustment_id()),
                   adjustment.amount().minor_units());
    }
    if (prior.opening_minor_units() != 0) {
      page->Amount("    opening balance", prior.opening_minor_units());
    }
    if (!prior.cause().empty()) page->Item(prior.cause());
    if (!prior.positions().empty()) {
      page->Item(absl::StrCat("positions ", absl::StrJoin(prior.positions(), ", ")));
    }
  }
}

std::string RewardText(const v1::RewardUnits& reward) {
  switch (reward.kind()) {
    case v1::RewardUnits::POINTS:
      return absl::StrCat(reward.units(), reward.units() == 1 ? " point" : " points");
    case v1::RewardUnits::BADGE:
      return absl::StrCat(reward.units(), " × badge ", reward.name());
    default:
      return absl::StrCat(reward.units(), " × ", reward.name());
  }
}

// What is no money stands apart, and is no part of any sum of money.
void AddRewards(const v1::Statement& statement, Page* page) {
  if (statement.rewards().empty()) return;
  page->Heading("Rewards");
  for (const v1::Line& line : statement.lines()) {
    if (!line.has_reward()) continue;
    page->Text(
        absl::StrCat("  ", line.date(), "  ", line.line_id(), "  ", RewardText(line.reward())));
  }
  for (const v1::RewardUnits& reward : statement.rewards()) {
    page->Text(absl::StrCat("  in all: ", RewardText(reward)));
  }
}

// What the fold says today of a statement that was posted.
void AddNow(const v1::GetStatementResponse& response, const v1::Statement& posted, Page* page) {
  for (const v1::Statement& now : response.now()) {
    if (now.currency() != posted.currency()) continue;
    page->Heading("By what is known now");
    page->Amount("Earned, posted", posted.earned_minor_units());
    page->Amount("Earned, now", now.earned_minor_units());
    page->Sum("Difference", now.earned_minor_units() - posted.earned_minor_units());
  }
  google::protobuf::RepeatedPtrField<v1::PriorPeriodAdjustment> differences;
  // Those of another currency stand on its page; one page has all of one currency.
  if (response.statements_size() == 1) differences = response.differences();
  AddChanges(differences, "What the next close adjusts", page);
}

void AddDisputes(const v1::GetStatementResponse& response, Page* page) {
  if (response.disputes().empty()) return;
  page->Heading("Disputes");
  for (const v1::Dispute& dispute : response.disputes()) {
    std::string text =
        absl::StrCat(dispute.dispute_id(), " of ",
                     dispute.line_id().empty() ? "the statement" : dispute.line_id(), " (position ",
                     dispute.opened_position(), "): ", dispute.text());
    absl::StrAppend(
        &text, dispute.resolved_position() == 0
                   ? " - open"
                   : absl::StrCat(" - resolved at position ", dispute.resolved_position(), ": ",
                                  dispute.outcome()));
    if (!dispute.adjustment_id().empty()) {
      absl::StrAppend(&text, ", adjustment ", dispute.adjustment_id());
    }
    page->Item(text);
  }
}

}  // namespace

std::vector<StatementPage> StatementPages(const v1::GetStatementResponse& response) {
  std::vector<StatementPage> pages;
  for (const v1::Statement& statement : response.statements()) {
    Page page(statement.currency());
    AddHead(response, statement, &page);
    AddComponents(statement, &page);
    AddRewards(statement, &page);
    AddTotals(statement, &page);
    AddBalances(statement, &page);
    AddChanges(statement.prior_adjustments(), "Changes of earlier periods", &page);
    AddList("Settlement", statement.settlement_notes(), &page);
    AddList("Notes", statement.notes(), &page);
    AddNow(response, statement, &page);
    AddDisputes(response, &page);
    pages.push_back(page.Take());
  }
  return pages;
}

}  // namespace payfold
