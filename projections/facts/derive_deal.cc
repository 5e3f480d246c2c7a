#include "projections/facts/derive_deal.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "ledger/money/allocate.h"
#include "ledger/money/decimal.h"
#include "projections/facts/resolve_deal.h"

namespace payfold {
namespace {

// Of the booking as it is restated, the rest as stated.
Date LastDayOf(const DealFacts& deal, const Deal& resolved) {
  std::set<uint64_t> voided;
  for (const DealFact& fact : deal.facts) {
    if (fact.kind == DealFact::Kind::kVoid) voided.insert(fact.target);
  }
  Date last = resolved.booked ? resolved.booked_on : Date::Min();
  for (const DealFact& fact : deal.facts) {
    if (fact.kind == DealFact::Kind::kVoid || fact.kind == DealFact::Kind::kSplit ||
        fact.kind == DealFact::Kind::kPipeline || fact.kind == DealFact::Kind::kBooked ||
        voided.count(fact.position) != 0) {
      continue;
    }
    last = std::max(last, fact.date);
  }
  return last;
}

// Whom a fact names as one to be credited.
void AddNamed(const DealFact& fact, std::set<uint32_t>* named) {
  if (fact.owner.has_value()) named->insert(*fact.owner);
  for (const DealPerson& member : fact.members) named->insert(member.participant);
  for (const SplitShare& share : fact.shares) named->insert(share.participant);
  named->erase(kNobody);
}

bool WasTakenAway(const DealFacts& deal, const std::vector<std::pair<uint32_t, Credit>>& credits) {
  std::set<uint32_t> named;
  int facts = 0;
  for (const DealFact& fact : deal.facts) {
    if (fact.kind == DealFact::Kind::kPipeline) continue;
    std::set<uint32_t> of_fact;
    AddNamed(fact, &of_fact);
    if (!of_fact.empty() || fact.kind == DealFact::Kind::kVoid) ++facts;
    named.merge(of_fact);
  }
  if (facts < 2) return false;
  for (const auto& [participant, credit] : credits) named.erase(participant);
  return !named.empty();
}

}  // namespace

DerivedDeal DeriveDeal(uint32_t stream, const DealFacts& facts, const SplitPolicies& policies) {
  const Deal deal = ResolveDeal(facts, policies);
  DerivedDeal derived;
  derived.credits = CreditsOf(stream, deal);
  derived.has_issues = !deal.issues.empty();
  derived.by_policy = deal.by_policy;
  derived.is_open = deal.opportunity.has_value();
  derived.was_taken_away = WasTakenAway(facts, derived.credits);
  derived.last_day = LastDayOf(facts, deal);
  return derived;
}

bool PlainDealDeriver::ReadFacts(absl::string_view encoded, Booking* booking) {
  absl::string_view deal_id;
  bool booked = false;
  bool split = false;
  named_.clear();
  if (!GetDealId(&encoded, &deal_id) || deal_id.empty()) return false;
  while (!encoded.empty()) {
    if (!GetDealFact(&encoded, &fact_)) return false;
    if (fact_.kind == DealFact::Kind::kBooked && !booked && fact_.amount.has_value()) {
      booked = true;
      *booking = {fact_.date, *fact_.amount, fact_.currency, fact_.owner.value_or(kNobody),
                  !fact_.members.empty()};
      if (booking->owner != kNobody) named_.push_back(booking->owner);
      for (const auto& member : fact_.members) {
        if (member.participant != kNobody) named_.push_back(member.participant);
      }
    } else if (fact_.kind == DealFact::Kind::kSplit && !split) {
      split = true;
      shares_.swap(fact_.shares);
    } else {
      return false;
    }
  }
  if (!booked || split) return booked;
  if (booking->has_members || booking->owner == kNobody) return false;
  shares_.assign(1, {booking->owner, Decimal::kNanosPerUnit, false});
  return true;
}

bool PlainDealDeriver::Allot(int64_t amount) {
  weights_.clear();
  for (const SplitShare& share : shares_) {
    if (share.overlay) return false;
    weights_.push_back(share.nanos);
  }
  if (weights_.size() == 1 && weights_[0] > 0) {
    parts_.assign(1, amount);
    return true;
  }
  absl::StatusOr<std::vector<int64_t>> parts = Allocate(amount, weights_);
  if (!parts.ok()) return false;
  parts_ = *std::move(parts);
  return true;
}

bool PlainDealDeriver::Derive(uint32_t stream, absl::string_view encoded, DerivedDeal* derived) {
  Booking booking;
  if (!ReadFacts(encoded, &booking) || !Allot(booking.amount)) return false;
  derived->credits.clear();
  derived->has_issues = derived->by_policy = derived->is_open = derived->was_taken_away = false;
  derived->last_day = booking.date;
  Credit credit;
  credit.deal = stream;
  credit.date = credit.first_base = booking.date;
  credit.plain = true;
  std::memcpy(credit.currency, booking.currency.data(),
              std::min(booking.currency.size(), sizeof(credit.currency)));
  for (size_t i = 0; i < shares_.size(); ++i) {
    if (shares_[i].participant == kNobody) continue;
    if (shares_[i].nanos == 0) {
      derived->was_taken_away |= !named_.empty();
      continue;
    }
    credit.amount = parts_[i];
    derived->credits.emplace_back(shares_[i].participant, credit);
  }
  for (uint32_t participant : named_) {
    derived->was_taken_away |=
        std::none_of(derived->credits.begin(), derived->credits.end(),
                     [&](const auto& credit_of) { return credit_of.first == participant; });
  }
  return true;
}

}  // namespace payfold
