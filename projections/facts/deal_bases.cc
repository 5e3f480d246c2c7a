#include "projections/facts/deal_bases.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace payfold {
namespace {

bool Cancels(const Base& base) { return base.kind == Base::Kind::kCancelled; }

CancellationKey KeyOf(const Deal& deal, const Base& base) {
  return {base.date, deal.deal_id, base.position};
}

std::vector<Base> CashBases(const std::vector<Cash>& cash, Base::Kind kind) {
  std::vector<Base> bases;
  for (const Cash& each : cash) {
    bases.push_back({kind, each.date, each.amount, false, each.position});
  }
  return bases;
}

// With the deal's cancellations among them, as far as they take something back.
std::vector<Base> WithCancellations(const Deal& deal, std::vector<Base> cash) {
  std::copy_if(deal.bases.begin(), deal.bases.end(), std::back_inserter(cash), Cancels);
  std::sort(cash.begin(), cash.end(), [](const Base& a, const Base& b) {
    return std::tie(a.date, a.position) < std::tie(b.date, b.position);
  });
  int64_t left = 0;
  for (Base& base : cash) {
    if (Cancels(base)) {
      const int64_t asked = base.in_full ? left : std::min(-base.change, left);
      base.change = -asked;
      base.in_full = asked == left;
    }
    left += base.change;
  }
  std::erase_if(cash, [](const Base& base) { return Cancels(base) && base.change == 0; });
  return cash;
}

// NET: the bases of which the other modes leave out or take apart cancellations.
std::vector<Base> AllBases(const Deal& deal, Trigger trigger) {
  switch (trigger) {
    case Trigger::kInvoiced:
      return WithCancellations(deal, CashBases(deal.invoiced, Base::Kind::kInvoiced));
    case Trigger::kCollected:
      return WithCancellations(deal, CashBases(deal.collected, Base::Kind::kCollected));
    case Trigger::kBooked:
      break;
  }
  return deal.bases;
}

// Takes a cancellation out of the bases before it.
void Shrink(const Base& cancellation, std::vector<Base>* before) {
  int64_t rest = -cancellation.change;
  for (Base& base : *before) {
    const int64_t taken = std::clamp<int64_t>(base.change, 0, rest);
    rest -= taken;
    base.change = cancellation.in_full ? 0 : base.change - taken;
  }
}

bool IsCancelledInFull(const Deal& deal, const CancellationKey& upto) {
  return std::any_of(deal.bases.begin(), deal.bases.end(), [&](const Base& base) {
    return Cancels(base) && base.in_full && KeyOf(deal, base) <= upto;
  });
}

DealBases Restate(const Deal& deal, const std::vector<Base>& all, const CancellationKey& upto) {
  DealBases restated;
  for (const Base& base : all) {
    if (!Cancels(base)) {
      restated.bases.push_back(base);
    } else if (KeyOf(deal, base) <= upto) {
      Shrink(base, &restated.bases);
    }
  }
  restated.cancelled_in_full = IsCancelledInFull(deal, upto);
  return restated;
}

}  // namespace

CancellationKey EveryCancellation() { return {Date::Max(), "", 0}; }
CancellationKey NoCancellation() { return {Date::Min(), "", 0}; }

bool operator<(const CancellationKey& a, const CancellationKey& b) {
  return std::tie(a.date, a.deal_id, a.place) < std::tie(b.date, b.deal_id, b.place);
}

bool operator==(const CancellationKey& a, const CancellationKey& b) {
  return std::tie(a.date, a.deal_id, a.place) == std::tie(b.date, b.deal_id, b.place);
}

DealBases BasesUnder(const Deal& deal, Trigger trigger, Clawback::Mode mode,
                     const std::optional<CancellationKey>& upto) {
  std::vector<Base> all = AllBases(deal, trigger);
  if (mode == Clawback::Mode::kNet) return {std::move(all), false};
  if (mode == Clawback::Mode::kRestate && upto.has_value()) return Restate(deal, all, *upto);
  std::erase_if(all, Cancels);
  return {std::move(all), false};
}

std::vector<CancellationKey> CancellationsOf(const Deal& deal) {
  std::vector<CancellationKey> keys;
  for (const Base& base : deal.bases) {
    if (Cancels(base)) keys.push_back(KeyOf(deal, base));
  }
  return keys;
}

std::vector<Cancelled> CancelledParts(const Deal& deal) {
  std::vector<Cancelled> parts;
  int64_t amount = 0;
  for (const Base& base : deal.bases) {
    if (Cancels(base)) {
      parts.push_back({KeyOf(deal, base), -base.change, amount, base.position});
    } else {
      amount += base.change;
    }
  }
  return parts;
}

}  // namespace payfold
