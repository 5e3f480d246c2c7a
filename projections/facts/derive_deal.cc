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

}  // namespace

DerivedDeal DeriveDeal(uint32_t stream, const DealFacts& facts, const SplitPolicies& policies) {
  const Deal deal = ResolveDeal(facts, policies);
  return {CreditsOf(stream, deal), !deal.issues.empty(), deal.by_policy,
          deal.opportunity.has_value(), LastDayOf(facts, deal)};
}

bool PlainDealDeriver::ReadFacts(absl::string_view encoded, Booking* booking) {
  absl::string_view deal_id;
  bool booked = false;
  bool split = false;
  if (!GetDealId(&encoded, &deal_id) || deal_id.empty()) return false;
  while (!encoded.empty()) {
    if (!GetDealFact(&encoded, &fact_)) return false;
    if (fact_.kind == DealFact::Kind::kBooked && !booked && fact_.amount.has_value()) {
      booked = true;
      *booking = {fact_.date, *fact_.amount, fact_.currency, fact_.owner.value_or(kNobody),
                  !fact_.members.empty()};
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
  derived->has_issues = derived->by_policy = derived->is_open = false;
  derived->last_day = booking.date;
  Credit credit;
  credit.deal = stream;
  credit.date = credit.first_base = booking.date;
  credit.plain = true;
  std::memcpy(credit.currency, booking.currency.data(),
              std::min(booking.currency.size(), sizeof(credit.currency)));
  for (size_t i = 0; i < shares_.size(); ++i) {
    if (shares_[i].nanos == 0 || shares_[i].participant == kNobody) continue;
    credit.amount = parts_[i];
    derived->credits.emplace_back(shares_[i].participant, credit);
  }
  return true;
}

}  // namespace payfold
