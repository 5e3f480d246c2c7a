#include "projections/facts/credits.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <tuple>

#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "ledger/money/allocate.h"
#include "ledger/money/decimal.h"

namespace payfold {
namespace {

constexpr uint64_t kKindBits = 3;
constexpr uint64_t kPlainBit = 4;

// The part of a running total for each share.
absl::StatusOr<std::vector<int64_t>> PartsOf(int64_t total, const Deal& deal,
                                             const std::vector<absl::int128>& weights,
                                             Rounding rounding) {
  ASSIGN_OR_RETURN(std::vector<int64_t> parts, Allocate(total, weights));
  for (const Share& share : deal.shares) {
    if (!share.overlay) continue;
    const Rational part = Rational(total) * Rational(Decimal::FromNanos(share.weight));
    ASSIGN_OR_RETURN(int64_t rounded, part.Round(rounding));
    parts.push_back(rounded);
  }
  return parts;
}

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

auto Order(const Credit& c) {
  return std::make_tuple(c.date, c.deal, c.kind, c.amount, c.plain, c.first_base,
                         absl::string_view(c.currency, sizeof(c.currency)));
}

}  // namespace

bool operator<(const Credit& a, const Credit& b) { return Order(a) < Order(b); }
bool operator==(const Credit& a, const Credit& b) { return Order(a) == Order(b); }

absl::StatusOr<std::vector<BaseCredits>> CreditBases(const Deal& deal, const Conversion& conversion,
                                                     Rounding rounding,
                                                     std::vector<absl::Status>* missing) {
  std::vector<BaseCredits> all;
  if (!deal.booked || deal.shares.empty()) return all;
  std::vector<absl::int128> weights;
  for (const Share& share : deal.shares) {
    if (!share.overlay) weights.push_back(share.weight);
  }
  int64_t total = 0;
  std::vector<int64_t> before(deal.shares.size(), 0);
  for (const Base& base : deal.bases) {
    BaseCredits credits;
    const absl::StatusOr<int64_t> change = ChangeOf(base, total, conversion, rounding);
    if (absl::IsNotFound(change.status())) {
      if (missing != nullptr) missing->push_back(change.status());
    } else {
      ASSIGN_OR_RETURN(credits.change, change);
    }
    if (__builtin_add_overflow(total, credits.change, &total)) {
      return absl::OutOfRangeError("the deal's running total does not fit in 64 bits");
    }
    ASSIGN_OR_RETURN(std::vector<int64_t> after, PartsOf(total, deal, weights, rounding));
    for (size_t i = 0; i < after.size(); ++i) credits.credits.push_back(after[i] - before[i]);
    before = std::move(after);
    all.push_back(std::move(credits));
  }
  return all;
}

std::vector<std::pair<uint32_t, Credit>> CreditsOf(uint32_t stream, const Deal& deal) {
  std::vector<std::pair<uint32_t, Credit>> credits;
  absl::StatusOr<std::vector<BaseCredits>> bases = CreditBases(deal, nullptr, Rounding::kHalfUp);
  if (!bases.ok()) return credits;
  const bool adjusted = HasAdjustment(deal);
  for (size_t b = 0; b < bases->size(); ++b) {
    for (size_t s = 0; s < deal.shares.size(); ++s) {
      const Share& share = deal.shares[s];
      if (share.weight == 0 || share.participant == kNobody) continue;
      Credit credit;
      credit.deal = stream;
      credit.date = deal.bases[b].date;
      credit.first_base = deal.bases[0].date;
      credit.amount = (*bases)[b].credits[s];
      credit.kind = deal.bases[b].kind;
      credit.plain = !share.overlay && !adjusted;
      std::memcpy(credit.currency, deal.currency.data(),
                  std::min(deal.currency.size(), sizeof(credit.currency)));
      credits.emplace_back(share.participant, credit);
    }
  }
  return credits;
}

int32_t MonthOf(Date date) { return date.year() * 12 + date.month() - 1; }

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
    PutVarint64(&encoded, static_cast<uint64_t>(credit.kind) | (credit.plain ? kPlainBit : 0));
    PutSignedVarint64(&encoded, credit.date - credit.first_base);
    PutSignedVarint64(&encoded, credit.amount);
    encoded.append(credit.currency, sizeof(credit.currency));
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
      return absl::DataLossError("the credits are damaged; rebuild the projection");
    }
    credit.deal = static_cast<uint32_t>(deal);
    credit.date = Date::FromDays(static_cast<int32_t>(days));
    credit.first_base = credit.date - static_cast<int32_t>(since_first);
    credit.kind = static_cast<Base::Kind>(flags & kKindBits);
    credit.plain = (flags & kPlainBit) != 0;
    std::memcpy(credit.currency, encoded.data(), sizeof(credit.currency));
    encoded.remove_prefix(sizeof(credit.currency));
    credits.push_back(credit);
  }
  return credits;
}

}  // namespace payfold
