#include "tests/projections/journal/posted_story.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "projections/journal/journal.h"
#include "projections/journal/journal_text.h"

namespace payfold_testing {
namespace {

namespace v1 = payfold::v1;

std::string Month(int month) {
  return absl::StrFormat("20%02d-%02d", 24 + month / 12, month % 12 + 1);
}

}  // namespace

v1::Event& PostedStory::Post() {
  v1::Event& event = events_.emplace_back();
  event.set_position(events_.size());
  event.set_event_id(absl::StrCat("e", events_.size()));
  return event;
}

std::vector<v1::Event> PostedStory::Tell(int months) {
  for (const std::string& participant : participants_) {
    for (const std::string& currency : currencies_) Open(participant, currency);
  }
  for (int month = 0; month < months; ++month) {
    for (const std::string& participant : participants_) {
      for (const std::string& currency : currencies_) Close(participant, currency, month);
    }
    for (const std::string& participant : participants_) {
      for (const std::string& currency : currencies_) Pay(participant, currency, month);
    }
  }
  return events_;
}

void PostedStory::Open(const std::string& participant, const std::string& currency) {
  Standing& standing = standings_[{participant, currency}];
  for (const auto kind :
       {v1::OpeningBalance::PAYABLE, v1::OpeningBalance::DRAW, v1::OpeningBalance::HELD}) {
    if (random_.Chance(50)) continue;
    v1::OpeningBalance& opening = *Post().mutable_opening_balance();
    opening.set_participant_id(participant);
    opening.set_as_of("2023-12-31");
    opening.set_kind(kind);
    const int64_t amount =
        random_.Between(kind == v1::OpeningBalance::PAYABLE ? -90'000 : 0, 90'000);
    opening.mutable_amount()->set_currency(currency);
    opening.mutable_amount()->set_minor_units(amount);
    (kind == v1::OpeningBalance::PAYABLE ? standing.opened
     : kind == v1::OpeningBalance::DRAW  ? standing.draws
                                         : standing.held) += amount;
  }
}

// Any numbers that obey the rules a statement obeys.
v1::PlanSettlement PostedStory::Settle(const std::string& plan, Standing* standing) {
  v1::PlanSettlement settled;
  settled.set_plan_id(plan);
  const auto amount = [this](int percent) {
    return random_.Chance(percent) ? random_.Between(-70'000, 90'000) : 0;
  };
  settled.set_earned_minor_units(amount(80));
  settled.set_held_minor_units(amount(40));
  settled.set_released_minor_units(amount(30));
  settled.set_top_up_minor_units(amount(30));
  settled.set_deferred_minor_units(amount(20));
  settled.set_draw_paid_minor_units(amount(30));
  settled.set_joined_minor_units(amount(40));
  settled.set_recovery_minor_units(amount(40));
  settled.set_payable_minor_units(settled.earned_minor_units() + settled.top_up_minor_units() +
                                  settled.deferred_minor_units() - settled.recovery_minor_units() -
                                  settled.held_minor_units() + settled.released_minor_units());
  standing->held += settled.held_minor_units() - settled.released_minor_units();
  standing->draws += settled.joined_minor_units() - settled.recovery_minor_units();
  return settled;
}

void PostedStory::Close(const std::string& participant, const std::string& currency, int month) {
  Standing& standing = standings_[{participant, currency}];
  v1::Statement& statement = *Post().mutable_statement_posted()->mutable_statement();
  statement.set_participant_id(participant);
  statement.set_period(Month(month));
  statement.set_last_day(Month(month) + "-28");
  statement.set_currency(currency);
  int64_t payable = standing.carried + standing.opened;
  statement.set_carried_in_minor_units(payable);
  standing.opened = 0;
  for (const std::string& plan : plans_) {
    if (random_.Chance(30)) continue;
    *statement.add_settlements() = Settle(plan, &standing);
    payable += statement.settlements().rbegin()->payable_minor_units();
  }
  const auto adjust = [&](v1::StatementAdjustment* adjustment) {
    adjustment->set_adjustment_id(absl::StrCat("A-", month));
    adjustment->mutable_amount()->set_currency(currency);
    adjustment->mutable_amount()->set_minor_units(random_.Between(-20'000, 20'000));
    if (random_.Chance(50)) adjustment->set_plan_id(random_.Pick(plans_));
    payable += adjustment->amount().minor_units();
  };
  if (random_.Chance(40)) adjust(statement.add_adjustments());
  for (int origin = 0; origin < month; ++origin) {
    if (random_.Chance(70)) continue;
    v1::PriorPeriodAdjustment& prior = *statement.add_prior_adjustments();
    prior.set_origin_period(Month(origin));
    *prior.mutable_difference() = Settle(random_.Pick(plans_), &standing);
    payable += prior.difference().payable_minor_units();
    if (random_.Chance(20)) adjust(prior.add_adjustments());
  }
  statement.set_payable_minor_units(std::max<int64_t>(payable, 0));
  statement.set_carried_out_minor_units(std::min<int64_t>(payable, 0));
  standing.payable += statement.payable_minor_units();
  standing.carried = statement.carried_out_minor_units();
}

void PostedStory::Pay(const std::string& participant, const std::string& currency, int month) {
  Standing& standing = standings_[{participant, currency}];
  const int64_t open = standing.payable - standing.paid;
  if (open == 0 || random_.Chance(20)) return;
  v1::PaymentRecorded& payment = *Post().mutable_payment_recorded();
  payment.set_period(Month(month));
  payment.set_participant_id(participant);
  payment.set_reference(absl::StrCat("PAY-", events_.size()));
  payment.set_paid_on(Month(month + 1) + "-05");
  payment.mutable_amount()->set_currency(currency);
  payment.mutable_amount()->set_minor_units(random_.Chance(70) ? open : random_.Between(1, open));
  standing.paid += payment.amount().minor_units();
}

AccountBalances SumsOf(const std::vector<v1::JournalEntry>& entries) {
  AccountBalances sums;
  for (const v1::JournalEntry& entry : entries) {
    for (const v1::Posting& posting : entry.postings()) {
      sums[{posting.account(), posting.amount().currency()}] += posting.amount().minor_units();
    }
  }
  std::erase_if(sums, [](const auto& sum) { return sum.second == 0; });
  return sums;
}

std::vector<v1::JournalEntry> JournalOf(const std::vector<v1::Event>& events) {
  payfold::Journal journal;
  std::vector<v1::JournalEntry> all;
  for (const v1::Event& event : events) {
    const auto entries = journal.Add(event);
    EXPECT_TRUE(entries.ok()) << entries.status();
    if (entries.ok()) all.insert(all.end(), entries->begin(), entries->end());
  }
  return all;
}

std::string TextOf(v1::ExportJournalRequest::Format format,
                   const std::vector<v1::JournalEntry>& entries) {
  payfold::JournalText text(format);
  std::string all = text.Begin();
  for (const v1::JournalEntry& entry : entries) {
    const auto written = text.Write(entry);
    EXPECT_TRUE(written.ok()) << written.status();
    if (written.ok()) all += *written;
  }
  return all;
}

}  // namespace payfold_testing
