#include "projections/facts/resolve_deal.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/money/currency.h"
#include "ledger/money/decimal.h"

namespace payfold {
namespace {

using Kind = DealFact::Kind;

// The stage that ends an opportunity.
constexpr absl::string_view kLost = "LOST";

std::vector<const DealFact*> WithoutVoided(const DealFacts& facts) {
  std::set<uint64_t> voided;
  for (const DealFact& fact : facts.facts) {
    if (fact.kind == Kind::kVoid) voided.insert(fact.target);
  }
  std::vector<const DealFact*> valid;
  for (const DealFact& fact : facts.facts) {
    if (fact.kind != Kind::kVoid && voided.count(fact.position) == 0) valid.push_back(&fact);
  }
  return valid;
}

void AddIssue(const DealFact& fact, std::string message, Deal* deal) {
  deal->issues.push_back({fact.position, std::move(message)});
}

absl::string_view KindText(Kind kind) {
  switch (kind) {
    case Kind::kBooked:
      return "booking";
    case Kind::kRestated:
    case Kind::kAdjusted:
      return "amendment";
    case Kind::kInvoiced:
      return "invoice";
    case Kind::kCollected:
      return "payment";
    case Kind::kCancelled:
      return "cancellation";
    case Kind::kPipeline:
      return "pipeline entry";
    case Kind::kSplit:
      return "credit split";
    case Kind::kVoid:
      return "void";
  }
  return "fact";
}

void SetAttribute(const DealAttribute& attribute, std::vector<DealAttribute>* attributes) {
  auto at = std::find_if(attributes->begin(), attributes->end(),
                         [&](const DealAttribute& a) { return a.name == attribute.name; });
  if (at != attributes->end()) attributes->erase(at);
  if (!attribute.value.empty()) attributes->push_back(attribute);
}

// The state of the deal from its booking on, apart from changes of its amount.
struct Booking {
  const DealFact* fact = nullptr;
  std::vector<DealPerson> members;
  std::vector<const DealFact*> adjustments;  // that still count, in order
};

void Restate(const DealFact& fact, Booking* booking, Deal* deal) {
  if (fact.amount.has_value()) {
    deal->stated_amount = *fact.amount;
    deal->currency = fact.currency;
    booking->adjustments.clear();
  }
  if (fact.booked_on.has_value()) deal->booked_on = *fact.booked_on;
  if (fact.owner.has_value()) deal->owner = *fact.owner;
  if (!fact.members.empty()) booking->members = fact.members;
  for (const DealAttribute& attribute : fact.attributes) {
    SetAttribute(attribute, &deal->attributes);
  }
}

Booking ApplyAmendments(const DealFact& booked, std::vector<const DealFact*> amendments,
                        Deal* deal) {
  Booking booking;
  booking.fact = &booked;
  booking.members = booked.members;
  deal->booked = true;
  deal->currency = booked.currency;
  deal->stated_amount = booked.amount.value_or(0);
  deal->booked_on = booked.date;
  deal->owner = booked.owner.value_or(kNobody);
  deal->attributes = booked.attributes;
  std::sort(amendments.begin(), amendments.end(), [](const DealFact* a, const DealFact* b) {
    return std::tie(a->date, a->position) < std::tie(b->date, b->position);
  });
  for (const DealFact* fact : amendments) {
    if (fact->kind == Kind::kRestated) {
      Restate(*fact, &booking, deal);
    } else {
      booking.adjustments.push_back(fact);
    }
  }
  return booking;
}

// The invoices, or the payments, in the deal's currency.
std::vector<Cash> ListCash(const std::vector<const DealFact*>& facts, Deal* deal) {
  std::vector<Cash> cash;
  for (const DealFact* fact : facts) {
    if (fact->currency != deal->currency) {
      AddIssue(*fact,
               absl::StrCat("the ", KindText(fact->kind), " of deal ", deal->deal_id, " is in ",
                            fact->currency, ", but the deal is in ", deal->currency,
                            "; it has no effect: void it and state it in the deal's currency"),
               deal);
      continue;
    }
    cash.push_back(
        {std::max(fact->date, deal->booked_on), fact->amount.value_or(0), fact->position});
  }
  std::sort(cash.begin(), cash.end(), [](const Cash& a, const Cash& b) {
    return std::tie(a.date, a.position) < std::tie(b.date, b.position);
  });
  return cash;
}

// Adjustments as differences of stated amounts, cancellations still open.
struct Change {
  Base base;
  const DealFact* cancellation = nullptr;
};

std::vector<Change> ListChanges(const Booking& booking,
                                const std::vector<const DealFact*>& cancellations, Deal* deal) {
  std::vector<Change> changes;
  changes.push_back(
      {{Base::Kind::kBooked, deal->booked_on, deal->stated_amount, false, booking.fact->position},
       nullptr});
  int64_t stated = deal->stated_amount;
  std::vector<const DealFact*> adjustments = booking.adjustments;
  std::sort(adjustments.begin(), adjustments.end(), [deal](const DealFact* a, const DealFact* b) {
    const Date date_a = std::max(a->date, deal->booked_on);
    const Date date_b = std::max(b->date, deal->booked_on);
    return std::tie(date_a, a->position) < std::tie(date_b, b->position);
  });
  for (const DealFact* fact : adjustments) {
    if (fact->currency != deal->currency) {
      AddIssue(*fact,
               absl::StrCat("adjusts deal ", deal->deal_id, " in ", fact->currency,
                            ", but the deal is in ", deal->currency,
                            "; it has no effect: void it and amend in the deal's currency"),
               deal);
      continue;
    }
    changes.push_back({{Base::Kind::kAdjusted, std::max(fact->date, deal->booked_on),
                        *fact->amount - stated, false, fact->position},
                       nullptr});
    stated = *fact->amount;
  }
  for (const DealFact* fact : cancellations) {
    if (fact->amount.has_value() && fact->currency != deal->currency) {
      AddIssue(*fact,
               absl::StrCat("cancels deal ", deal->deal_id, " in ", fact->currency,
                            ", but the deal is in ", deal->currency,
                            "; it has no effect: void it and cancel in the deal's currency"),
               deal);
      continue;
    }
    changes.push_back(
        {{Base::Kind::kCancelled, std::max(fact->date, deal->booked_on), 0, false, fact->position},
         fact});
  }
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    const bool a_later = a.base.kind != Base::Kind::kBooked;
    const bool b_later = b.base.kind != Base::Kind::kBooked;
    return std::tie(a.base.date, a_later, a.base.position) <
           std::tie(b.base.date, b_later, b.base.position);
  });
  return changes;
}

void SetBases(const Booking& booking, const std::vector<const DealFact*>& cancellations,
              Deal* deal) {
  int64_t left = 0;
  for (Change& change : ListChanges(booking, cancellations, deal)) {
    Base& base = change.base;
    if (change.cancellation != nullptr) {
      const int64_t most = std::max<int64_t>(left, 0);
      const int64_t asked = change.cancellation->amount.value_or(most);
      base.change = -std::min(asked, most);
      base.in_full = asked >= most;
    }
    left += base.change;
    deal->bases.push_back(base);
  }
}

// Splits by role: a role's share is divided equally among its members, roles
// that are absent are rescaled away. False if no member has a share.
bool ShareByPolicy(const SplitPolicy& policy, const std::vector<DealPerson>& members, Deal* deal) {
  const std::map<std::string, int64_t> role_nanos(policy.role_nanos.begin(),
                                                  policy.role_nanos.end());
  std::map<std::string, int64_t> role_members;
  for (const DealPerson& member : members) {
    if (role_nanos.count(member.role) != 0) ++role_members[member.role];
  }
  int64_t multiple = 1;
  for (const auto& [role, count] : role_members) multiple = std::lcm(multiple, count);
  std::vector<Share> shares;
  absl::int128 sum = 0;
  for (const DealPerson& member : members) {
    auto role = role_nanos.find(member.role);
    if (role == role_nanos.end()) continue;
    const absl::int128 weight = absl::int128(role->second) * (multiple / role_members[member.role]);
    shares.push_back({member.participant, weight, false});
    sum += weight;
  }
  if (sum == 0) return false;
  deal->shares = std::move(shares);
  deal->weight_sum = sum;
  deal->split_position = policy.position;
  return true;
}

void ShareBySplit(const DealFact& split, Deal* deal) {
  for (bool overlay : {false, true}) {
    for (const SplitShare& share : split.shares) {
      if (share.overlay != overlay) continue;
      deal->shares.push_back({share.participant, share.nanos, overlay});
      if (!overlay) deal->weight_sum += share.nanos;
    }
  }
  deal->split_position = split.position;
}

void SetShares(const Booking& booking, const DealFact* split, const SplitPolicies& policies,
               Deal* deal) {
  if (split != nullptr) {
    ShareBySplit(*split, deal);
    return;
  }
  deal->by_policy = !booking.members.empty();
  const SplitPolicy* policy = deal->by_policy ? policies.InForce(deal->booked_on) : nullptr;
  if (policy != nullptr && ShareByPolicy(*policy, booking.members, deal)) return;
  if (deal->owner == kNobody) {
    AddIssue(*booking.fact,
             absl::StrCat("deal ", deal->deal_id,
                          " has no split, no members that a split policy matches and no owner; "
                          "nobody is credited until one of them arrives"),
             deal);
    return;
  }
  deal->shares.push_back({deal->owner, Decimal::kNanosPerUnit, false});
  deal->weight_sum = Decimal::kNanosPerUnit;
}

// What counts of a deal's facts, by kind, in the order of their stream.
struct SortedFacts {
  const DealFact* booked = nullptr;
  const DealFact* split = nullptr;
  const DealFact* pipeline = nullptr;
  std::vector<const DealFact*> amendments, cancellations, invoices, payments;
  std::vector<const DealFact*> waiting;  // for a booking
};

SortedFacts Sort(const DealFacts& facts) {
  SortedFacts sorted;
  for (const DealFact* fact : WithoutVoided(facts)) {
    if (fact->kind != Kind::kPipeline && fact->kind != Kind::kBooked) {
      sorted.waiting.push_back(fact);
    }
    switch (fact->kind) {
      case Kind::kBooked:
        sorted.booked = fact;
        break;
      case Kind::kRestated:
      case Kind::kAdjusted:
        sorted.amendments.push_back(fact);
        break;
      case Kind::kInvoiced:
        sorted.invoices.push_back(fact);
        break;
      case Kind::kCollected:
        sorted.payments.push_back(fact);
        break;
      case Kind::kCancelled:
        sorted.cancellations.push_back(fact);
        break;
      case Kind::kPipeline:
        sorted.pipeline = fact;
        break;
      case Kind::kSplit:
        sorted.split = fact;
        break;
      case Kind::kVoid:
        break;
    }
  }
  return sorted;
}

std::optional<Opportunity> OpportunityOf(const DealFact& entry) {
  if (entry.stage == kLost) return std::nullopt;
  Opportunity open;
  open.position = entry.position;
  open.expected_on = entry.booked_on;
  open.amount = entry.amount;
  open.currency = entry.currency;
  if (entry.probability_nanos.has_value()) {
    open.probability = Decimal::FromNanos(*entry.probability_nanos);
  }
  open.owner = entry.owner.value_or(kNobody);
  open.members = entry.members;
  open.attributes = entry.attributes;
  return open;
}

// A deal that is not booked, or not yet.
void SetOpen(const SortedFacts& sorted, Deal* deal) {
  for (const DealFact* fact : sorted.waiting) {
    AddIssue(*fact,
             absl::StrCat("the ", KindText(fact->kind), " of deal ", deal->deal_id,
                          " waits for its DealBooked"),
             deal);
  }
  if (sorted.pipeline != nullptr) deal->opportunity = OpportunityOf(*sorted.pipeline);
}

}  // namespace

Deal ResolveDeal(const DealFacts& facts, const SplitPolicies& policies) {
  Deal deal;
  deal.deal_id = facts.deal_id;
  SortedFacts sorted = Sort(facts);
  if (sorted.booked == nullptr) {
    SetOpen(sorted, &deal);
    return deal;
  }
  deal.positions.push_back(sorted.booked->position);
  for (const DealFact* fact : sorted.amendments) deal.positions.push_back(fact->position);
  for (const DealFact* fact : sorted.cancellations) deal.positions.push_back(fact->position);
  if (sorted.split != nullptr) deal.positions.push_back(sorted.split->position);
  std::sort(deal.positions.begin(), deal.positions.end());
  const Booking booking = ApplyAmendments(*sorted.booked, std::move(sorted.amendments), &deal);
  SetBases(booking, sorted.cancellations, &deal);
  deal.invoiced = ListCash(sorted.invoices, &deal);
  deal.collected = ListCash(sorted.payments, &deal);
  SetShares(booking, sorted.split, policies, &deal);
  return deal;
}

const std::string* Deal::Attribute(absl::string_view name, std::string* scratch) const {
  if (name == "currency") return &currency;
  if (name == "amount") {
    absl::StatusOr<Currency> parsed = Currency::Parse(currency);
    if (!parsed.ok()) return nullptr;
    *scratch = FormatPlainAmount(stated_amount, *parsed);
    return scratch;
  }
  for (const DealAttribute& attribute : attributes) {
    if (attribute.name == name) return &attribute.value;
  }
  return nullptr;
}

}  // namespace payfold
