#include "projections/journal/journal.h"

#include <limits>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/event.h"
#include "projections/journal/account_name.h"

namespace payfold {
namespace {

using Wide = absl::int128;

// An account and what is debited to it.
struct Side {
  std::string account;
  Wide amount;
};

// What the entries of one event have in common.
struct Source {
  uint64_t position = 0;
  std::string date;
  std::string period;
  std::string participant_id;
  std::string currency;
};

// Numbers the entries of an event; sides of 0 are left out, and entries without sides.
class EntryList {
 public:
  explicit EntryList(Source source) : source_(std::move(source)) {}

  const Source& source() const { return source_; }

  // REQUIRES: the sides add up to 0. Errors: kOutOfRange.
  absl::Status Add(absl::string_view plan_id, absl::string_view description,
                   const std::vector<Side>& sides) {
    v1::JournalEntry entry;
    for (const Side& side : sides) {
      if (side.amount == 0) continue;
      if (side.amount > std::numeric_limits<int64_t>::max() ||
          side.amount < std::numeric_limits<int64_t>::min()) {
        return absl::OutOfRangeError(absl::StrCat("an amount of the event at position ",
                                                  source_.position, " in account \"", side.account,
                                                  "\" does not fit in 64 bits of minor units"));
      }
      v1::Posting& posting = *entry.add_postings();
      posting.set_account(side.account);
      posting.mutable_amount()->set_currency(source_.currency);
      posting.mutable_amount()->set_minor_units(static_cast<int64_t>(side.amount));
    }
    if (entry.postings().empty()) return absl::OkStatus();
    entry.set_entry_id(absl::StrCat(source_.position, "/", entries_.size() + 1));
    entry.set_date(source_.date);
    entry.set_description(std::string(description));
    entry.set_period(source_.period);
    entry.set_participant_id(source_.participant_id);
    entry.set_plan_id(std::string(plan_id));
    entry.set_position(source_.position);
    entries_.push_back(std::move(entry));
    return absl::OkStatus();
  }

  // An amount from one account to another.
  absl::Status Move(absl::string_view plan_id, absl::string_view description, std::string debit,
                    std::string credit, Wide amount) {
    return Add(plan_id, description, {{std::move(debit), amount}, {std::move(credit), -amount}});
  }

  std::vector<v1::JournalEntry> Take() { return std::move(entries_); }

 private:
  Source source_;
  std::vector<v1::JournalEntry> entries_;
};

// What a plan's draw and schedules moved, or the difference later knowledge made to it.
absl::Status AddSettlement(const v1::PlanSettlement& settled, absl::string_view about,
                           EntryList* entries) {
  const std::string& plan = settled.plan_id();
  const std::string& participant = entries->source().participant_id;
  const std::string expense = CommissionExpense(plan);
  const std::string payable = CommissionLiability(participant);
  const std::string held = HeldLiability(participant);
  const std::string draws = DrawAsset(participant);
  const auto text = [&](absl::string_view what) { return absl::StrCat(about, plan, " ", what); };

  RETURN_IF_ERROR(entries->Move(plan, text("earned"), expense, payable,
                                Wide(settled.earned_minor_units()) - settled.held_minor_units()));
  RETURN_IF_ERROR(
      entries->Move(plan, text("held"), expense, held, Wide(settled.held_minor_units())));
  RETURN_IF_ERROR(
      entries->Move(plan, text("released"), held, payable, Wide(settled.released_minor_units())));
  // Paid with the statement, and paid up front: what joins the balance is owed, the rest
  // was given for good.
  const Wide with_statement = Wide(settled.top_up_minor_units()) + settled.deferred_minor_units();
  const Wide up_front = settled.draw_paid_minor_units();
  const Wide joined = settled.joined_minor_units();
  RETURN_IF_ERROR(entries->Add(plan, text("draw"),
                               {{draws, joined},
                                {expense, with_statement + up_front - joined},
                                {payable, -with_statement},
                                {Cash(entries->source().currency), -up_front}}));
  return entries->Move(plan, text("recovered"), payable, draws,
                       Wide(settled.recovery_minor_units()));
}

template <typename Adjustments>
absl::Status AddAdjustments(const Adjustments& adjustments, absl::string_view about,
                            EntryList* entries) {
  for (const v1::StatementAdjustment& posted : adjustments) {
    RETURN_IF_ERROR(entries->Move(
        posted.plan_id(), absl::StrCat(about, "adjustment ", posted.adjustment_id()),
        CommissionExpense(posted.plan_id()), CommissionLiability(entries->source().participant_id),
        Wide(posted.amount().minor_units())));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::JournalEntry>> EntriesOf(const v1::Statement& statement,
                                                        uint64_t position) {
  EntryList entries({.position = position,
                     .date = statement.last_day(),
                     .period = statement.period(),
                     .participant_id = statement.participant_id(),
                     .currency = statement.currency()});
  const std::string about =
      absl::StrCat("Statement ", statement.period(), " of ", statement.participant_id(), ": ");
  for (const v1::PlanSettlement& settled : statement.settlements()) {
    RETURN_IF_ERROR(AddSettlement(settled, about, &entries));
  }
  RETURN_IF_ERROR(AddAdjustments(statement.adjustments(), about, &entries));
  for (const v1::PriorPeriodAdjustment& prior : statement.prior_adjustments()) {
    const std::string changed = absl::StrCat(about, "change of ", prior.origin_period(), " ");
    RETURN_IF_ERROR(AddSettlement(prior.difference(), changed, &entries));
    RETURN_IF_ERROR(AddAdjustments(prior.adjustments(), changed, &entries));
  }
  return entries.Take();
}

absl::StatusOr<std::vector<v1::JournalEntry>> EntriesOf(const v1::PaymentRecorded& payment,
                                                        uint64_t position) {
  EntryList entries({.position = position,
                     .date = payment.paid_on(),
                     .period = payment.period(),
                     .participant_id = payment.participant_id(),
                     .currency = payment.amount().currency()});
  RETURN_IF_ERROR(entries.Move("",
                               absl::StrCat("Payment ", payment.reference(), " to ",
                                            payment.participant_id(), " for ", payment.period()),
                               CommissionLiability(payment.participant_id()),
                               Cash(payment.amount().currency()),
                               Wide(payment.amount().minor_units())));
  return entries.Take();
}

// `sign` is -1 to take it back.
absl::StatusOr<std::vector<v1::JournalEntry>> EntriesOf(const v1::OpeningBalance& opening,
                                                        uint64_t position, int sign) {
  EntryList entries({.position = position,
                     .date = opening.as_of(),
                     .period = "",
                     .participant_id = opening.participant_id(),
                     .currency = opening.amount().currency()});
  const Wide amount = Wide(opening.amount().minor_units()) * sign;
  const std::string about = absl::StrCat(
      sign < 0 ? "No opening balance of " : "Opening balance of ", opening.participant_id(), ": ");
  const std::string& participant = opening.participant_id();
  absl::Status added;
  switch (opening.kind()) {
    case v1::OpeningBalance::DRAW:
      // Owed by the participant: the only one of the three that is an asset.
      added = entries.Move("", absl::StrCat(about, "draw"), DrawAsset(participant), OpeningEquity(),
                           amount);
      break;
    case v1::OpeningBalance::HELD:
      added = entries.Move("", absl::StrCat(about, "held"), OpeningEquity(),
                           HeldLiability(participant), amount);
      break;
    default:
      added = entries.Move("", absl::StrCat(about, "payable"), OpeningEquity(),
                           CommissionLiability(participant), amount);
  }
  RETURN_IF_ERROR(added);
  return entries.Take();
}

}  // namespace

uint64_t JournalKinds() {
  return KindBit(v1::Event::kStatementPosted) | KindBit(v1::Event::kPaymentRecorded) |
         KindBit(v1::Event::kOpeningBalance) | KindBit(v1::Event::kFactVoided);
}

absl::StatusOr<std::vector<v1::JournalEntry>> Journal::Add(const v1::Event& event) {
  switch (event.payload_case()) {
    case v1::Event::kStatementPosted:
      return EntriesOf(event.statement_posted().statement(), event.position());
    case v1::Event::kPaymentRecorded:
      return EntriesOf(event.payment_recorded(), event.position());
    case v1::Event::kOpeningBalance:
      if (voided_.contains(event.event_id())) break;
      openings_[event.event_id()] = event.opening_balance();
      return EntriesOf(event.opening_balance(), event.position(), 1);
    case v1::Event::kFactVoided: {
      const std::string& id = event.fact_voided().event_id();
      const auto opening = openings_.find(id);
      if (!voided_.insert(id).second || opening == openings_.end()) break;
      return EntriesOf(opening->second, event.position(), -1);
    }
    default:
      break;
  }
  return std::vector<v1::JournalEntry>();
}

bool Matches(const JournalFilter& filter, const v1::JournalEntry& entry) {
  const auto matches = [](const std::string& wanted, const std::string& is) {
    return wanted.empty() || wanted == is;
  };
  return matches(filter.period, entry.period()) && matches(filter.plan_id, entry.plan_id()) &&
         matches(filter.participant_id, entry.participant_id());
}

}  // namespace payfold
