#include "projections/daily_totals/day_totals.h"

#include <algorithm>
#include <set>

#include "ledger/base/coding.h"
#include "projections/facts/resolve_deal.h"
#include "projections/facts/split_policies.h"

namespace payfold {
namespace {

using Kind = DealFact::Kind;

constexpr char kDays = 1;
constexpr char kWaitingVoids = 2;
constexpr uint32_t kOffset = uint32_t{1} << 31;

absl::Status Damaged() {
  return absl::DataLossError("the daily totals are damaged; rebuild the projection daily-totals");
}

bool ChangesTotals(Kind kind) {
  return kind == Kind::kBooked || kind == Kind::kRestated || kind == Kind::kAdjusted ||
         kind == Kind::kInvoiced || kind == Kind::kCollected || kind == Kind::kCancelled;
}

// Whether the fact has an effect on the deal: its amount is in the deal's currency,
// or it is what the deal takes its currency from.
bool HasEffect(const DealFact& fact, const Deal& deal) {
  return fact.kind == Kind::kBooked || fact.kind == Kind::kRestated || !fact.amount.has_value() ||
         fact.currency == deal.currency;
}

// The sums of one deal; all its days are in one currency.
class DealSums {
 public:
  DealSums(const Deal& deal, int times, TotalsByDay* totals)
      : deal_(deal), times_(times), totals_(totals) {}

  void Add(const Base& base) {
    DayTotals& day = On(base.date);
    const absl::int128 change = absl::int128(base.change) * times_;
    switch (base.kind) {
      case Base::Kind::kBooked:
        day.deals += times_;
        day.booked += change;
        break;
      case Base::Kind::kAdjusted:
        day.amended += change;
        break;
      case Base::Kind::kCancelled:
        day.cancelled -= change;
        break;
      case Base::Kind::kInvoiced:
      case Base::Kind::kCollected:
        break;  // Cash stands beside the bases.
    }
  }
  void AddInvoice(const Cash& cash) { On(cash.date).invoiced += Amount(cash); }
  void AddPayment(const Cash& cash) { On(cash.date).collected += Amount(cash); }

  // Counts the facts that are not voided and have an effect.
  void CountFacts(const DealFacts& facts) {
    std::set<uint64_t> voided;
    for (const DealFact& fact : facts.facts) {
      if (fact.kind == Kind::kVoid) voided.insert(fact.target);
    }
    for (const DealFact& fact : facts.facts) {
      if (!ChangesTotals(fact.kind) || voided.count(fact.position) != 0) continue;
      if (!HasEffect(fact, deal_)) continue;
      const Date day = fact.kind == Kind::kBooked ? deal_.booked_on : fact.date;
      On(std::max(day, deal_.booked_on)).facts += times_;
    }
  }

 private:
  DayTotals& On(Date day) { return (*totals_)[{day, deal_.currency}]; }
  absl::int128 Amount(const Cash& cash) const { return absl::int128(cash.amount) * times_; }

  const Deal& deal_;
  const int times_;
  TotalsByDay* totals_;
};

void PutSum(absl::int128 sum, std::string* value) {
  PutSignedVarint64(value, absl::Int128High64(sum));
  PutVarint64(value, absl::Int128Low64(sum));
}

bool GetSum(absl::string_view* value, absl::int128* sum) {
  int64_t high = 0;
  uint64_t low = 0;
  if (!GetSignedVarint64(value, &high) || !GetVarint64(value, &low)) return false;
  *sum = absl::MakeInt128(high, low);
  return true;
}

}  // namespace

void DayTotals::Add(const DayTotals& other) {
  facts += other.facts;
  deals += other.deals;
  booked += other.booked;
  amended += other.amended;
  cancelled += other.cancelled;
  invoiced += other.invoiced;
  collected += other.collected;
}

void AddDeal(const DealFacts& facts, int times, TotalsByDay* totals) {
  const Deal deal = ResolveDeal(facts, SplitPolicies());
  if (!deal.booked) return;
  DealSums sums(deal, times, totals);
  for (const Base& base : deal.bases) sums.Add(base);
  for (const Cash& cash : deal.invoiced) sums.AddInvoice(cash);
  for (const Cash& cash : deal.collected) sums.AddPayment(cash);
  sums.CountFacts(facts);
}

void AddTotals(const TotalsByDay& more, TotalsByDay* totals) {
  for (const auto& [key, day] : more) (*totals)[key].Add(day);
}

std::string DayKey(Date day) {
  std::string key(1, kDays);
  PutBig32(&key, static_cast<uint32_t>(day.days()) + kOffset);
  return key;
}

std::string DayKey(Date day, absl::string_view currency) {
  std::string key = DayKey(day);
  key.append(currency.data(), currency.size());
  return key;
}

std::string EncodeDayTotals(const DayTotals& totals) {
  std::string value;
  if (totals == DayTotals()) return value;
  PutSignedVarint64(&value, totals.facts);
  PutSignedVarint64(&value, totals.deals);
  for (const absl::int128 sum :
       {totals.booked, totals.amended, totals.cancelled, totals.invoiced, totals.collected}) {
    PutSum(sum, &value);
  }
  return value;
}

absl::StatusOr<std::pair<Date, std::string>> ParseDayKey(absl::string_view key) {
  if (key.size() <= 1 + sizeof(uint32_t) || key[0] != kDays) return Damaged();
  const uint32_t day = GetBig32(key.substr(1)) - kOffset;
  return std::make_pair(Date::FromDays(static_cast<int32_t>(day)),
                        std::string(key.substr(1 + sizeof(uint32_t))));
}

absl::StatusOr<DayTotals> DecodeDayTotals(absl::string_view value) {
  DayTotals totals;
  bool ok = GetSignedVarint64(&value, &totals.facts) && GetSignedVarint64(&value, &totals.deals);
  for (absl::int128* sum :
       {&totals.booked, &totals.amended, &totals.cancelled, &totals.invoiced, &totals.collected}) {
    ok = ok && GetSum(&value, sum);
  }
  if (!ok || !value.empty()) return Damaged();
  return totals;
}

std::string WaitingVoidKey(absl::string_view event_id) {
  std::string key = FirstWaitingVoidKey();
  key.append(event_id.data(), event_id.size());
  return key;
}

std::string EncodeWaitingVoid(uint64_t position) {
  std::string value;
  PutVarint64(&value, position);
  return value;
}

std::string FirstWaitingVoidKey() { return std::string(1, kWaitingVoids); }

std::string EndOfWaitingVoidKeys() { return std::string(1, kWaitingVoids + 1); }

}  // namespace payfold
