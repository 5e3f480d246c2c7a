#include "projections/facts/credits.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <tuple>

#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "ledger/money/allocate.h"
#include "ledger/money/decimal.h"
#include "projections/facts/deal_bases.h"

namespace payfold {
namespace {

constexpr uint64_t kKindBits = 7;
constexpr uint64_t kPlainBit = 8;
constexpr uint64_t kByPolicyBit = 16;
constexpr auto kLastKind = Base::Kind::kCollected;

absl::StatusOr<int64_t> Convert(int64_t amount, Date date, const Conversion& conversion,
                                Rounding rounding) {
  if (conversion == nullptr) return amount;
  ASSIGN_OR_RETURN(Rational factor, conversion(date));
  return (Rational(amount) * factor).Round(rounding);
}

absl::StatusOr<int64_t> ChangeOf(const Base& base, int64_t left, const Conversion& conversion,
                                 Rounding rounding) {
  if (base.kind != Base::Kind::kCancelled) {
    return Convert(base.change, base.date, conversion, rounding);
  }
  const int64_t most = std::max<int64_t>(left, 0);
  if (base.in_full) return -most;
  ASSIGN_OR_RETURN(int64_t cancelled, Convert(-base.change, base.date, conversion, rounding));
  return -std::min(cancelled, most);
}

bool HasAdjustment(const Deal& deal) {
  return std::any_of(deal.bases.begin(), deal.bases.end(),
                     [](const Base& base) { return base.kind == Base::Kind::kAdjusted; });
}

// Gives the running totals to the shares of one deal.
class Allotter {
 public:
  Allotter(const Deal& deal, Rounding rounding) : deal_(deal), rounding_(rounding) {
    for (const Share& share : deal.shares) {
      if (!share.overlay) weights_.push_back(share.weight);
    }
    parts_.resize(deal.shares.size());
  }

  // What a change of the running total adds to the part of each share.
  absl::StatusOr<std::vector<int64_t>> AllotChange(int64_t change) {
    if (parts_total_ != total_) {
      ASSIGN_OR_RETURN(parts_, PartsOf(total_));
    }
    RETURN_IF_ERROR(AddToTotal(change));
    ASSIGN_OR_RETURN(std::vector<int64_t> after, PartsOf(total_));
    std::vector<int64_t> changes;
    for (size_t i = 0; i < after.size(); ++i) changes.push_back(after[i] - parts_[i]);
    parts_ = std::move(after);
    parts_total_ = total_;
    return changes;
  }

  // The part of each share in an amount that joins the running total.
  absl::StatusOr<std::vector<int64_t>> AllotAlone(int64_t amount) {
    RETURN_IF_ERROR(AddToTotal(amount));
    return PartsOf(amount);
  }

  int64_t total() const { return total_; }

 private:
  // The part of an amount for each share.
  absl::StatusOr<std::vector<int64_t>> PartsOf(int64_t amount) const {
    ASSIGN_OR_RETURN(std::vector<int64_t> parts, Allocate(amount, weights_));
    for (const Share& share : deal_.shares) {
      if (!share.overlay) continue;
      const Rational part = Rational(amount) * Rational(Decimal::FromNanos(share.weight));
      ASSIGN_OR_RETURN(int64_t rounded, part.Round(rounding_));
      parts.push_back(rounded);
    }
    return parts;
  }

  absl::Status AddToTotal(int64_t change) {
    if (!__builtin_add_overflow(total_, change, &total_)) return absl::OkStatus();
    return absl::OutOfRangeError("the deal's running total does not fit in 64 bits");
  }

  const Deal& deal_;
  const Rounding rounding_;
  std::vector<absl::int128> weights_;
  int64_t total_ = 0;
  std::vector<int64_t> parts_;  // of parts_total_
  int64_t parts_total_ = 0;
};

absl::Status DamagedCredits() {
  return absl::DataLossError("the credits are damaged; rebuild the projection");
}

auto Order(const Credit& c) {
  return std::make_tuple(c.date, c.deal, c.kind, c.amount, c.plain, c.first_base,
                         absl::string_view(c.currency, sizeof(c.currency)), c.by_policy,
                         c.last_fact);
}

using Cells = std::vector<std::pair<uint32_t, Credit>>;

// For bases of one trigger, for each participant with a share.
absl::Status AddCells(uint32_t stream, const Deal& deal, absl::Span<const Base> bases,
                      Trigger trigger, bool plain, Cells* cells) {
  ASSIGN_OR_RETURN(const std::vector<BaseCredits> credits,
                   CreditBases(deal, bases, trigger, nullptr, Rounding::kHalfUp));
  for (size_t b = 0; b < credits.size(); ++b) {
    for (size_t s = 0; s < deal.shares.size(); ++s) {
      const Share& share = deal.shares[s];
      if (share.weight == 0 || share.participant == kNobody) continue;
      Credit credit;
      credit.deal = stream;
      credit.date = bases[b].date;
      credit.first_base = bases[0].date;
      credit.amount = credits[b].credits[s];
      credit.kind = bases[b].kind;
      credit.plain = plain && !share.overlay;
      credit.by_policy = deal.by_policy;
      std::memcpy(credit.currency, deal.currency.data(),
                  std::min(deal.currency.size(), sizeof(credit.currency)));
      cells->emplace_back(share.participant, credit);
    }
  }
  return absl::OkStatus();
}

}  // namespace

bool operator<(const Credit& a, const Credit& b) { return Order(a) < Order(b); }
bool operator==(const Credit& a, const Credit& b) { return Order(a) == Order(b); }

absl::StatusOr<std::vector<BaseCredits>> CreditBases(const Deal& deal, absl::Span<const Base> bases,
                                                     Trigger trigger, const Conversion& conversion,
                                                     Rounding rounding,
                                                     std::vector<absl::Status>* missing) {
  std::vector<BaseCredits> all;
  if (!deal.booked || deal.shares.empty()) return all;
  Allotter allotter(deal, rounding);
  for (const Base& base : bases) {
    BaseCredits credits;
    const absl::StatusOr<int64_t> change = ChangeOf(base, allotter.total(), conversion, rounding);
    if (absl::IsNotFound(change.status())) {
      if (missing != nullptr) missing->push_back(change.status());
    } else {
      ASSIGN_OR_RETURN(credits.change, change);
    }
    const bool alone = trigger != Trigger::kBooked && base.kind != Base::Kind::kCancelled;
    ASSIGN_OR_RETURN(credits.credits, alone ? allotter.AllotAlone(credits.change)
                                            : allotter.AllotChange(credits.change));
    all.push_back(std::move(credits));
  }
  return all;
}

std::vector<std::pair<uint32_t, Credit>> CreditsOf(uint32_t stream, const Deal& deal) {
  Cells cells;
  const absl::Status booked =
      AddCells(stream, deal, deal.bases, Trigger::kBooked, !HasAdjustment(deal), &cells);
  if (!booked.ok()) return {};
  for (Trigger trigger : {Trigger::kInvoiced, Trigger::kCollected}) {
    if ((trigger == Trigger::kInvoiced ? deal.invoiced : deal.collected).empty()) continue;
    const DealBases cash = BasesUnder(deal, trigger, Clawback::Mode::kNone, std::nullopt);
    if (!AddCells(stream, deal, cash.bases, trigger, /*plain=*/true, &cells).ok()) return {};
  }
  return cells;
}

int32_t MonthOf(Date date) { return date.year() * 12 + date.month() - 1; }

Date FirstDayOfMonth(int32_t month) { return Date::Of(month / 12, month % 12 + 1, 1); }

std::string EncodeCredits(absl::Span<const Credit> credits) {
  std::vector<Credit> sorted;
  if (!std::is_sorted(credits.begin(), credits.end())) {
    sorted.assign(credits.begin(), credits.end());
    std::sort(sorted.begin(), sorted.end());
    credits = sorted;
  }
  std::string encoded;
  for (const Credit& credit : credits) {
    PutVarint64(&encoded, credit.deal);
    PutSignedVarint64(&encoded, credit.date.days());
    PutVarint64(&encoded, static_cast<uint64_t>(credit.kind) | (credit.plain ? kPlainBit : 0) |
                              (credit.by_policy ? kByPolicyBit : 0));
    PutSignedVarint64(&encoded, credit.date - credit.first_base);
    PutSignedVarint64(&encoded, credit.amount);
    encoded.append(credit.currency, sizeof(credit.currency));
    PutVarint64(&encoded, credit.last_fact);
  }
  return encoded;
}

absl::StatusOr<std::vector<Credit>> DecodeCredits(absl::string_view encoded) {
  std::vector<Credit> credits;
  while (!encoded.empty()) {
    Credit credit;
    uint64_t deal, flags;
    int64_t days, since_first;
    if (!GetVarint64(&encoded, &deal) || !GetSignedVarint64(&encoded, &days) ||
        !GetVarint64(&encoded, &flags) || !GetSignedVarint64(&encoded, &since_first) ||
        !GetSignedVarint64(&encoded, &credit.amount) || encoded.size() < sizeof(credit.currency)) {
      return DamagedCredits();
    }
    credit.deal = static_cast<uint32_t>(deal);
    credit.date = Date::FromDays(static_cast<int32_t>(days));
    credit.first_base = credit.date - static_cast<int32_t>(since_first);
    if ((flags & kKindBits) > static_cast<uint64_t>(kLastKind)) return DamagedCredits();
    credit.kind = static_cast<Base::Kind>(flags & kKindBits);
    credit.plain = (flags & kPlainBit) != 0;
    credit.by_policy = (flags & kByPolicyBit) != 0;
    std::memcpy(credit.currency, encoded.data(), sizeof(credit.currency));
    encoded.remove_prefix(sizeof(credit.currency));
    if (!GetVarint64(&encoded, &credit.last_fact)) return DamagedCredits();
    credits.push_back(credit);
  }
  return credits;
}

}  // namespace payfold
