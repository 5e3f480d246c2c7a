#include "projections/facts/derive_deal.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "ledger/money/allocate.h"
#include "ledger/money/decimal.h"
#include "projections/facts/resolve_deal.h"

namespace payfold {
namespace {

// Whom a fact names as one to be credited.
void AddNamed(const DealFact& fact, std::set<uint32_t>* named) {
  if (fact.owner.has_value()) named->insert(*fact.owner);
  for (const DealPerson& member : fact.members) named->insert(member.participant);
  for (const SplitShare& share : fact.shares) named->insert(share.participant);
  named->erase(kNobody);
}

std::vector<uint32_t> TakenFrom(const DealFacts& deal,
                                const std::vector<std::pair<uint32_t, Credit>>& credits) {
  std::set<uint32_t> named;
  for (const DealFact& fact : deal.facts) {
    if (fact.kind != DealFact::Kind::kPipeline) AddNamed(fact, &named);
  }
  for (const auto& [participant, credit] : credits) named.erase(participant);
  return std::vector<uint32_t>(named.begin(), named.end());
}

}  // namespace

DerivedDeal DeriveDeal(uint32_t stream, const DealFacts& facts, const SplitPolicies& policies) {
  const Deal deal = ResolveDeal(facts, policies);
  DerivedDeal derived;
  derived.credits = CreditsOf(stream, deal);
  derived.has_issues = !deal.issues.empty();
  derived.by_policy = deal.by_policy;
  derived.is_open = deal.opportunity.has_value();
  derived.taken_from = TakenFrom(facts, derived.credits);
  derived.last_days = LastDaysOf(facts);
  uint64_t last_fact = 0;
  for (const DealFact& fact : facts.facts) last_fact = std::max(last_fact, KnownSince(fact));
  for (auto& [participant, credit] : derived.credits) credit.last_fact = last_fact;
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
      *booking = {fact_.position,
                  fact_.date,
                  *fact_.amount,
                  fact_.currency,
                  fact_.owner.value_or(kNobody),
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
    booking->last_fact = fact_.position;
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

void PlainDealDeriver::SetTakenFrom(DerivedDeal* derived) {
  for (const SplitShare& share : shares_) {
    if (share.nanos == 0 && share.participant != kNobody) named_.push_back(share.participant);
  }
  derived->taken_from.clear();
  for (uint32_t participant : named_) {
    if (std::none_of(derived->credits.begin(), derived->credits.end(),
                     [&](const auto& credit_of) { return credit_of.first == participant; })) {
      derived->taken_from.push_back(participant);
    }
  }
  std::vector<uint32_t>& taken = derived->taken_from;
  std::sort(taken.begin(), taken.end());
  taken.erase(std::unique(taken.begin(), taken.end()), taken.end());
}

bool PlainDealDeriver::Derive(uint32_t stream, absl::string_view encoded, DerivedDeal* derived) {
  Booking booking;
  if (!ReadFacts(encoded, &booking) || !Allot(booking.amount)) return false;
  derived->credits.clear();
  derived->has_issues = derived->by_policy = derived->is_open = false;
  derived->last_days.assign(1, {booking.position, booking.date});
  Credit credit;
  credit.deal = stream;
  credit.date = credit.first_base = booking.date;
  credit.plain = true;
  std::memcpy(credit.currency, booking.currency.data(),
              std::min(booking.currency.size(), sizeof(credit.currency)));
  credit.last_fact = booking.last_fact;
  for (size_t i = 0; i < shares_.size(); ++i) {
    if (shares_[i].participant == kNobody || shares_[i].nanos == 0) continue;
    credit.amount = parts_[i];
    derived->credits.emplace_back(shares_[i].participant, credit);
  }
  SetTakenFrom(derived);
  return true;
}

}  // namespace payfold
