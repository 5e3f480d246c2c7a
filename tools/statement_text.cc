#include "tools/statement_text.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "tools/output.h"
#include "tools/table.h"

namespace payfold {
namespace {

// A row of the page: what, and its amount at the right edge.
struct Row {
  enum class Kind { kText, kAmount, kSum };
  Kind kind = Kind::kText;
  std::string label;
  std::string amount;
};

constexpr size_t kLeastWidth = 60;

class Page {
 public:
  explicit Page(std::string currency) : currency_(std::move(currency)) {}

  void Text(absl::string_view text) { rows_.push_back({Row::Kind::kText, std::string(text), ""}); }
  void Amount(absl::string_view label, int64_t minor) { Add(Row::Kind::kAmount, label, minor); }
  // With a rule above it.
  void Sum(absl::string_view label, int64_t minor) { Add(Row::Kind::kSum, label, minor); }

  std::string ToText() const {
    size_t labels = kLeastWidth;
    size_t amounts = 0;
    for (const Row& row : rows_) {
      if (row.kind != Row::Kind::kText) labels = std::max(labels, DisplayWidth(row.label));
      amounts = std::max(amounts, row.amount.size());
    }
    std::string text;
    for (const Row& row : rows_) {
      if (row.kind == Row::Kind::kText) {
        absl::StrAppend(&text, row.label, "\n");
        continue;
      }
      if (row.kind == Row::Kind::kSum) {
        absl::StrAppend(&text, Pad("", labels + 2, Align::kLeft), std::string(amounts, '-'), "\n");
      }
      absl::StrAppend(&text, Pad(row.label, labels + 2, Align::kLeft),
                      Pad(row.amount, amounts, Align::kRight), "\n");
    }
    return text;
  }

 private:
  void Add(Row::Kind kind, absl::string_view label, int64_t minor) {
    rows_.push_back({kind, std::string(label), AmountText(minor, currency_, OutputFormat::kTable)});
  }

  std::string currency_;
  std::vector<Row> rows_;
};

void AddHead(const v1::GetStatementResponse& response, const v1::Statement& statement, Page* page) {
  const std::string who =
      response.display_name().empty()
          ? statement.participant_id()
          : absl::StrCat(response.display_name(), " (", statement.participant_id(), ")");
  page->Text(absl::StrCat("STATEMENT  ", statement.period()));
  page->Text(absl::StrCat("For        ", who));
  page->Text(absl::StrCat("Period     ", statement.first_day(), " to ", statement.last_day()));
  page->Text(absl::StrCat("Currency   ", statement.currency()));
  page->Text(absl::StrCat("Known      ", CoordinatesText(response.at())));
}

void AddComponents(const v1::Statement& statement, Page* page) {
  for (const v1::ComponentTotal& total : statement.components()) {
    page->Text("");
    const std::string id = absl::StrCat(total.plan_id(), "/", total.component_id());
    page->Text(total.display_name().empty() || total.display_name() == total.component_id()
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
  page->Text("");
  page->Text("Rewards");
  for (const v1::Line& line : statement.lines()) {
    if (!line.has_reward()) continue;
    page->Text(
        absl::StrCat("  ", line.date(), "  ", line.line_id(), "  ", RewardText(line.reward())));
  }
  for (const v1::RewardUnits& reward : statement.rewards()) {
    page->Text(absl::StrCat("  in all: ", RewardText(reward)));
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

void AddTotals(const v1::Statement& statement, Page* page) {
  page->Text("");
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
  page->Text("");
  page->Text(title);
  for (const std::string& text : texts) page->Text(absl::StrCat("  - ", text));
}

}  // namespace

std::string StatementText(const v1::GetStatementResponse& response) {
  std::string text;
  for (const v1::Statement& statement : response.statements()) {
    Page page(statement.currency());
    AddHead(response, statement, &page);
    AddComponents(statement, &page);
    AddRewards(statement, &page);
    AddTotals(statement, &page);
    AddBalances(statement, &page);
    AddList("Settlement", statement.settlement_notes(), &page);
    AddList("Notes", statement.notes(), &page);
    absl::StrAppend(&text, text.empty() ? "" : "\n", page.ToText());
  }
  return text;
}

}  // namespace payfold
