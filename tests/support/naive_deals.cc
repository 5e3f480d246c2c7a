#include "tests/support/naive_deals.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "absl/numeric/int128.h"
#include "ledger/base/check.h"
#include "ledger/money/currency.h"
#include "ledger/money/decimal.h"

namespace payfold_testing {
namespace {

using ::payfold::Currency;
using ::payfold::Date;
using ::payfold::Decimal;
using ::payfold::Rational;
namespace v1 = ::payfold::v1;

// What is stated about one deal, in order of position.
struct Stated {
  const v1::Event* booking = nullptr;
  std::vector<const v1::DealAmended*> amendments;
  std::vector<std::pair<size_t, const v1::DealCancelled*>> cancellations;
  std::vector<NaiveChange> invoices;
  std::vector<NaiveChange> payments;
  std::map<const v1::DealAmended*, size_t> place;
  const v1::CreditSplit* split = nullptr;
};

template <typename Fact>
NaiveChange Cash(size_t place, const Fact& fact) {
  return {.date = NaiveDate(fact.date()),
          .place = place,
          .currency = fact.amount().currency(),
          .amount = fact.amount().minor_units()};
}

std::map<std::string, Stated> CollectDeals(const NaiveFacts& facts) {
  std::map<std::string, Stated> deals;
  for (size_t place = 0; place < facts.live().size(); ++place) {
    const v1::Event& event = *facts.live()[place];
    if (event.has_deal_booked()) {
      deals[event.deal_booked().deal_id()].booking = &event;
    } else if (event.has_deal_amended()) {
      Stated& deal = deals[event.deal_amended().deal_id()];
      deal.amendments.push_back(&event.deal_amended());
      deal.place[&event.deal_amended()] = place;
    } else if (event.has_deal_cancelled()) {
      deals[event.deal_cancelled().deal_id()].cancellations.emplace_back(place,
                                                                         &event.deal_cancelled());
    } else if (event.has_deal_invoiced()) {
      deals[event.deal_invoiced().deal_id()].invoices.push_back(Cash(place, event.deal_invoiced()));
    } else if (event.has_payment_collected()) {
      deals[event.payment_collected().deal_id()].payments.push_back(
          Cash(place, event.payment_collected()));
    } else if (event.has_credit_split()) {
      deals[event.credit_split().deal_id()].split = &event.credit_split();
    }
  }
  return deals;
}

void SetText(const std::string& name, const std::string& value, NaiveDeal* deal) {
  if (value.empty()) {
    deal->attributes.erase(name);
  } else {
    deal->attributes[name] = value;
  }
}

// A deal while its booking and restatements are read.
struct Reading {
  NaiveDeal deal;
  int64_t amount = 0;
  std::string owner_id;
  google::protobuf::RepeatedPtrField<v1::DealMember> members;
};

Reading ReadBooking(const v1::Event& event) {
  const v1::DealBooked& fact = event.deal_booked();
  Reading read;
  read.deal.deal_id = fact.deal_id();
  read.deal.currency = fact.amount().currency();
  read.deal.booked_on = NaiveDate(fact.booked_on());
  read.amount = fact.amount().minor_units();
  read.owner_id = fact.owner_id();
  read.members = fact.members();
  for (const auto& [name, value] : fact.attributes()) SetText(name, value, &read.deal);
  SetText("product", fact.product(), &read.deal);
  SetText("segment", fact.segment(), &read.deal);
  SetText("territory", fact.territory(), &read.deal);
  SetText("channel", fact.channel(), &read.deal);
  SetText("customer_id", fact.customer_id(), &read.deal);
  SetText("source", event.source(), &read.deal);
  if (fact.has_term_months()) {
    SetText("term_months", std::to_string(fact.term_months()), &read.deal);
  }
  return read;
}

void Restate(const v1::DealAmended& fact, Reading* read) {
  NaiveDeal* deal = &read->deal;
  if (fact.has_amount()) {
    read->amount = fact.amount().minor_units();
    deal->currency = fact.amount().currency();
  }
  if (!fact.booked_on().empty()) deal->booked_on = NaiveDate(fact.booked_on());
  if (fact.has_owner_id()) read->owner_id = fact.owner_id();
  if (!fact.members().empty()) read->members = fact.members();
  for (const auto& [name, value] : fact.attributes()) SetText(name, value, deal);
  if (fact.has_product()) SetText("product", fact.product(), deal);
  if (fact.has_segment()) SetText("segment", fact.segment(), deal);
  if (fact.has_territory()) SetText("territory", fact.territory(), deal);
  if (fact.has_channel()) SetText("channel", fact.channel(), deal);
  if (fact.has_customer_id()) SetText("customer_id", fact.customer_id(), deal);
  if (fact.has_term_months()) SetText("term_months", std::to_string(fact.term_months()), deal);
}

std::vector<NaiveShare> SplitShares(const v1::CreditSplit& split) {
  std::vector<NaiveShare> shares;
  for (const v1::CreditShare& stated : split.shares()) {
    const absl::StatusOr<Decimal> share = Decimal::Parse(stated.share());
    CHECK(share.ok());
    shares.push_back({.participant_id = stated.participant_id(),
                      .share = Rational(*share),
                      .weight = static_cast<int64_t>(share->nanos()),
                      .overlay = stated.overlay()});
  }
  return shares;
}

// The members' shares by the policy; empty if none of them has any.
std::vector<NaiveShare> PolicyShares(const v1::SplitPolicySet& policy, const Reading& read) {
  std::map<std::string, int64_t> members_of;
  for (const v1::DealMember& member : read.members) ++members_of[member.role()];
  int64_t multiple = 1;  // of all the numbers of members, so that weights are whole
  for (const auto& entry : members_of) multiple = std::lcm(multiple, entry.second);
  std::vector<NaiveShare> shares;
  Rational total;
  for (const v1::DealMember& member : read.members) {
    const auto role = policy.role_shares().find(member.role());
    if (role == policy.role_shares().end()) continue;
    const absl::StatusOr<Decimal> share = Decimal::Parse(role->second);
    CHECK(share.ok());
    const int64_t weight =
        static_cast<int64_t>(share->nanos()) * (multiple / members_of[member.role()]);
    shares.push_back(
        {.participant_id = member.participant_id(), .share = weight, .weight = weight});
    total += weight;
  }
  if (total.is_zero()) return {};
  for (NaiveShare& share : shares) share.share /= total;
  return shares;
}

std::vector<NaiveShare> SharesOf(const NaiveFacts& facts, const Stated& stated,
                                 const Reading& read) {
  if (stated.split != nullptr) return SplitShares(*stated.split);
  const v1::SplitPolicySet* policy = facts.PolicyOn(read.deal.booked_on);
  if (policy != nullptr) {
    std::vector<NaiveShare> shares = PolicyShares(*policy, read);
    if (!shares.empty()) return shares;
  }
  if (read.owner_id.empty()) return {};
  return {{.participant_id = read.owner_id, .share = 1, .weight = 1}};
}

// A change before its amount is known: what is stated, and where.
struct Pending {
  Date date;
  size_t place;
  const v1::Money* adjusted_to;  // of an adjustment; null for a cancellation
  const v1::Money* cancelled;    // null for one in full
};

std::vector<Pending> PendingChanges(const Stated& stated, const Reading& read,
                                    const std::vector<const v1::DealAmended*>& adjustments) {
  std::vector<Pending> pending;
  for (const v1::DealAmended* fact : adjustments) {
    if (fact->amount().currency() != read.deal.currency) continue;
    const Date date = std::max(NaiveDate(fact->amended_on()), read.deal.booked_on);
    pending.push_back({date, stated.place.at(fact), &fact->amount(), nullptr});
  }
  for (const auto& [place, fact] : stated.cancellations) {
    if (fact->has_amount() && fact->amount().currency() != read.deal.currency) continue;
    const Date date = std::max(NaiveDate(fact->cancelled_on()), read.deal.booked_on);
    pending.push_back({date, place, nullptr, fact->has_amount() ? &fact->amount() : nullptr});
  }
  std::sort(pending.begin(), pending.end(), [](const Pending& a, const Pending& b) {
    return std::tie(a.date, a.place) < std::tie(b.date, b.place);
  });
  return pending;
}

// The changes in the order in which they happen, with their amounts.
std::vector<NaiveChange> Changes(const Reading& read, const std::vector<Pending>& pending) {
  const std::string& currency = read.deal.currency;
  std::vector<NaiveChange> changes = {{.date = read.deal.booked_on,
                                       .currency = currency,
                                       .amount = read.amount,
                                       .is_booking = true}};
  int64_t stated_amount = read.amount;
  int64_t cancelled = 0;
  int number = 0;
  for (const Pending& change : pending) {
    NaiveChange& next = changes.emplace_back();
    next.date = change.date;
    next.place = change.place;
    next.currency = currency;
    if (change.adjusted_to != nullptr) {
      next.amount = change.adjusted_to->minor_units() - stated_amount;
      stated_amount = change.adjusted_to->minor_units();
      continue;
    }
    const int64_t left = std::max<int64_t>(0, stated_amount - cancelled);
    const int64_t asked = change.cancelled == nullptr ? left : change.cancelled->minor_units();
    next.is_cancellation = true;
    next.amount = std::min(asked, left);
    next.is_full = asked >= left;
    next.deal_amount = stated_amount;
    next.number = ++number;
    cancelled += next.amount;
  }
  return changes;
}

// Invoices or payments in the deal's currency, none before the booking.
std::vector<NaiveChange> CashOf(const NaiveDeal& deal, const std::vector<NaiveChange>& stated) {
  std::vector<NaiveChange> cash;
  for (NaiveChange change : stated) {
    change.date = std::max(change.date, deal.booked_on);
    if (change.currency == deal.currency) cash.push_back(change);
  }
  std::stable_sort(cash.begin(), cash.end(),
                   [](const NaiveChange& a, const NaiveChange& b) { return a.date < b.date; });
  return cash;
}

// Numbers the cancellations of the ledger in order (date, deal_id, place).
void NumberCancellations(std::vector<NaiveDeal>* deals) {
  std::vector<NaiveChange*> all;
  for (NaiveDeal& deal : *deals) {
    for (NaiveChange& change : deal.changes) {
      if (change.is_cancellation) all.push_back(&change);
    }
  }
  // Deals are in order of id, changes of a deal in order (date, place).
  std::stable_sort(all.begin(), all.end(),
                   [](const auto* a, const auto* b) { return a->date < b->date; });
  int number = 0;
  for (NaiveChange* change : all) change->ledger_number = ++number;
}

NaiveDeal ReadDeal(const NaiveFacts& facts, const Stated& stated) {
  std::vector<const v1::DealAmended*> amendments = stated.amendments;
  std::stable_sort(amendments.begin(), amendments.end(), [](const auto* a, const auto* b) {
    return NaiveDate(a->amended_on()) < NaiveDate(b->amended_on());
  });
  Reading read = ReadBooking(*stated.booking);
  std::vector<const v1::DealAmended*> adjustments;
  for (const v1::DealAmended* fact : amendments) {
    if (fact->mode() == v1::DealAmended::ADJUST) {
      adjustments.push_back(fact);
      continue;
    }
    Restate(*fact, &read);
    if (fact->has_amount()) adjustments.clear();
  }
  NaiveDeal deal = read.deal;
  const absl::StatusOr<Currency> currency = Currency::Parse(deal.currency);
  CHECK(currency.ok());
  deal.attributes["currency"] = deal.currency;
  deal.attributes["amount"] = payfold::FormatPlainAmount(read.amount, *currency);
  deal.shares = SharesOf(facts, stated, read);
  deal.changes = Changes(read, PendingChanges(stated, read, adjustments));
  deal.invoices = CashOf(deal, stated.invoices);
  deal.payments = CashOf(deal, stated.payments);
  return deal;
}

}  // namespace

std::vector<NaiveDeal> NaiveDeals(const NaiveFacts& facts) {
  std::vector<NaiveDeal> deals;
  for (const auto& entry : CollectDeals(facts)) {
    if (entry.second.booking != nullptr) deals.push_back(ReadDeal(facts, entry.second));
  }
  NumberCancellations(&deals);
  return deals;
}

}  // namespace payfold_testing
