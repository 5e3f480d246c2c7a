#include "projections/statements/settlement_text.h"

#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace payfold {
namespace {

constexpr int kPercentDigits = 7;

std::string Percent(const Rational& share) {
  return absl::StrCat((share * 100).ToText(kPercentDigits), "%");
}

// The sentences of one currency.
class Notes {
 public:
  explicit Notes(Currency currency) : currency_(currency) {}

  void AddPlan(const PlanSettlement& settled);
  void AddCarried(const CurrencySettlement& settled);
  std::vector<std::string> Take() { return std::move(notes_); }

 private:
  std::string Money(int64_t minor) const { return FormatAmount(minor, currency_); }
  // "; A joins the balance of B, which is now C".
  std::string Joins(absl::string_view what, const PlanSettlement& settled) const;
  void AddDraw(const PlanSettlement& settled, const std::string& plan);
  void AddRecovery(const PlanSettlement& settled, const std::string& plan);
  void AddMovements(const PlanSettlement& settled, const std::string& plan);

  Currency currency_;
  std::vector<std::string> notes_;
};

std::string Notes::Joins(absl::string_view what, const PlanSettlement& settled) const {
  return absl::StrCat("; ", what, " the balance of ", Money(settled.balance_before),
                      ", which is then ", Money(settled.balance_before + settled.draw.joined));
}

void Notes::AddDraw(const PlanSettlement& settled, const std::string& plan) {
  const DrawOutcome& draw = settled.draw;
  if (settled.terms == nullptr) return;
  if (settled.terms->from_earnings) {
    if (draw.draw_paid != 0) {
      notes_.push_back(absl::StrCat(
          plan, "draw of ", Money(draw.draw_paid), " was paid before this statement",
          settled.terms->recoverable ? " and joins the balance" : " and is not paid back"));
    }
    if (draw.deferred != 0) {
      notes_.push_back(absl::StrCat(plan, "negative earnings of ", Money(-draw.deferred),
                                    " are not taken from this statement but join the balance"));
    }
    return;
  }
  if (!settled.draw_amount.has_value() || (draw.top_up == 0 && !draw.was_cut)) return;
  std::string note = absl::StrCat(plan, "draw of ", Money(*settled.draw_amount), " tops ",
                                  Money(settled.earned), " up by ", Money(draw.top_up));
  if (draw.was_cut) absl::StrAppend(&note, ", as far as the balance may go");
  if (settled.terms->recoverable) {
    absl::StrAppend(&note, Joins("it joins", settled));
  } else if (draw.joined != 0) {
    absl::StrAppend(
        &note,
        Joins(absl::StrCat(Money(draw.joined), " of it, for negative earnings, joins"), settled));
  } else {
    absl::StrAppend(&note, "; it is not paid back");
  }
  notes_.push_back(std::move(note));
}

void Notes::AddRecovery(const PlanSettlement& settled, const std::string& plan) {
  const DrawOutcome& draw = settled.draw;
  if (settled.recovers_from.has_value()) {
    notes_.push_back(absl::StrCat(plan, "the balance of ", Money(draw.balance),
                                  " is recovered from payout periods that begin on or after ",
                                  settled.recovers_from->ToString()));
  }
  if (draw.recovery == 0) return;
  std::string note = absl::StrCat(plan, "recovery of ", Money(draw.recovery), " from ",
                                  Money(draw.recoverable_of), " earned");
  if (draw.recoverable_of != settled.earned) absl::StrAppend(&note, " above the draw");
  if (settled.terms->recovery_rate != Rational(1)) {
    absl::StrAppend(&note, ", at ", Percent(settled.terms->recovery_rate));
  }
  if (settled.terms->recovery_cap.has_value()) {
    absl::StrAppend(&note, ", at most ", Percent(*settled.terms->recovery_cap), " of ",
                    Money(settled.earned));
  }
  absl::StrAppend(&note, ", takes the balance from ", Money(draw.balance + draw.recovery), " to ",
                  Money(draw.balance));
  notes_.push_back(std::move(note));
}

void Notes::AddMovements(const PlanSettlement& settled, const std::string& plan) {
  std::map<std::tuple<HeldMovement::Kind, std::string, Date, std::string>, int64_t> sums;
  for (const HeldMovement& m : settled.movements) {
    sums[{m.kind, m.component_id, m.due, m.deal_id}] += m.amount;
  }
  for (const auto& [key, amount] : sums) {
    const auto& [kind, component, due, deal] = key;
    const std::string what =
        absl::StrCat(plan, Money(amount), component.empty() ? "" : " of ", component);
    const std::string until =
        deal.empty() ? due.ToString() : absl::StrCat("deal ", deal, " is collected");
    switch (kind) {
      case HeldMovement::Kind::kHeld:
        notes_.push_back(absl::StrCat(what, " is held until ", until));
        break;
      case HeldMovement::Kind::kTaken:
        notes_.push_back(
            absl::StrCat(what, " that was held until ", until, " is taken by negative lines"));
        break;
      case HeldMovement::Kind::kReleased:
        notes_.push_back(deal.empty() ? absl::StrCat(what, " is released, due on ", until)
                                      : absl::StrCat(what, " is released: deal ", deal,
                                                     " was collected by that part"));
        break;
    }
  }
}

void Notes::AddPlan(const PlanSettlement& settled) {
  const std::string plan =
      absl::StrCat(settled.plan_id.empty() ? "opening balance" : settled.plan_id, ": ");
  AddDraw(settled, plan);
  AddRecovery(settled, plan);
  AddMovements(settled, plan);
}

void Notes::AddCarried(const CurrencySettlement& settled) {
  int64_t before = settled.carried_in;
  for (const Opening* opening : settled.openings) {
    notes_.push_back(absl::StrCat("opening balance of ", Money(opening->amount), " as of ",
                                  opening->as_of.ToString(), " (position ", opening->position,
                                  ") is carried in"));
    before -= opening->amount;
  }
  if (before != 0) {
    notes_.push_back(absl::StrCat(Money(before), " is carried in from the statement before"));
  }
  if (settled.carried_out != 0) {
    notes_.push_back(absl::StrCat("nothing is paid: ", Money(settled.carried_out),
                                  " is carried into the next statement"));
  }
}

}  // namespace

std::vector<std::string> SettlementNotes(const CurrencySettlement& settled, Currency currency) {
  Notes notes(currency);
  for (const PlanSettlement& plan : settled.plans) notes.AddPlan(plan);
  notes.AddCarried(settled);
  return notes.Take();
}

}  // namespace payfold
