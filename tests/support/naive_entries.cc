#include "tests/support/naive_entries.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <tuple>
#include <utility>

#include "absl/numeric/int128.h"
#include "ledger/base/check.h"
#include "ledger/money/allocate.h"
#include "ledger/money/currency.h"

namespace payfold_testing {
namespace {

using ::payfold::Allocate;
using ::payfold::Currency;
using ::payfold::Date;
using ::payfold::Rational;
using ::payfold::Rounding;
namespace v1 = ::payfold::v1;

// Each share's credit of a running total of the deal.
std::vector<int64_t> CreditsOf(const NaiveDeal& deal, int64_t total, const v1::Plan& plan) {
  std::vector<absl::int128> weights;
  for (const NaiveShare& share : deal.shares) {
    if (!share.overlay) weights.emplace_back(share.weight);
  }
  std::vector<int64_t> parts;
  if (!weights.empty()) {
    const absl::StatusOr<std::vector<int64_t>> allocated = Allocate(total, weights);
    CHECK(allocated.ok());
    parts = *allocated;
  }
  std::vector<int64_t> credits;
  size_t next = 0;
  for (const NaiveShare& share : deal.shares) {
    credits.push_back(share.overlay ? NaiveRound(Rational(total) * share.share, plan)
                                    : parts[next++]);
  }
  return credits;
}

// One deal read for one measure.
class DealReader {
 public:
  DealReader(const NaiveFacts& facts, const NaiveDeal& deal, const NaiveAround& around,
             const NaiveRules& rules, v1::DealMeasure::Value value, int cancellations)
      : facts_(facts),
        deal_(deal),
        around_(around),
        rules_(rules),
        plan_(rules.version->plan),
        value_(value == v1::DealMeasure::VALUE_UNSPECIFIED ? v1::DealMeasure::AMOUNT : value),
        cancellations_(cancellations) {}

  std::vector<NaiveEntry> Read(const std::function<bool(Date)>& counts) {
    restates_ = rules_.mode == v1::Clawback::RESTATE && CountsWhenItBegins(counts);
    switch (value_) {
      case v1::DealMeasure::COUNT:
      case v1::DealMeasure::SHARED_COUNT:
      case v1::DealMeasure::COUNT_DISTINCT:
        ReadCount();
        break;
      default:
        ReadMoney();
    }
    std::vector<NaiveEntry> counted;
    Rational sum;
    for (NaiveEntry& entry : entries_) {
      if (!counts(entry.is_cancellation ? *first_base_ : entry.date)) continue;
      // It takes back at most what of the deal counted.
      if (entry.is_cancellation) entry.value = Max(entry.value, -Max(0, sum));
      sum += entry.value;
      counted.push_back(entry);
    }
    return counted;
  }

 private:
  bool IsApplied(const NaiveChange& cancellation) const {
    switch (rules_.mode) {
      case v1::Clawback::RESTATE:
        return restates_ && cancellation.ledger_number <= cancellations_;
      case v1::Clawback::REVERSE:
      case v1::Clawback::NONE:
        return false;
      default:
        return true;
    }
  }

  // A cancellation counts if the date of the deal's first base does.
  bool CountsWhenItBegins(const std::function<bool(Date)>& counts) const {
    const bool is_count =
        value_ != v1::DealMeasure::AMOUNT && value_ != v1::DealMeasure::DEAL_AMOUNT;
    if (is_count || !PaysOnCash()) return counts(deal_.booked_on);
    for (const NaiveChange& change : MoneyChanges()) {
      if (!change.is_cancellation) return counts(change.date);
    }
    return false;
  }

  void Add(Date date, bool is_cancellation, const Rational& value) {
    NaiveEntry& entry = entries_.emplace_back();
    entry.deal = &deal_;
    entry.date = date;
    entry.is_cancellation = is_cancellation;
    entry.value = value;
  }

  // A deal counts once, when booked, until it is first cancelled in full.
  void ReadCount() {
    const NaiveChange* cancelled = nullptr;
    for (const NaiveChange& change : deal_.changes) {
      if (cancelled == nullptr && change.is_full && IsApplied(change)) cancelled = &change;
    }
    const bool restates = rules_.mode == v1::Clawback::RESTATE;
    if (cancelled != nullptr && restates) return;
    first_base_ = deal_.booked_on;
    const auto counted_on = [&](Date d) {
      if (value_ == v1::DealMeasure::SHARED_COUNT) return SharesOn(d);
      return AnyOn(d) ? Rational(1) : Rational(0);
    };
    Add(deal_.booked_on, false, counted_on(deal_.booked_on));
    if (cancelled == nullptr) return;
    if (value_ == v1::DealMeasure::COUNT_DISTINCT) {
      entries_.back().cancelled_on = cancelled->date;
    } else {
      Add(cancelled->date, true, -counted_on(cancelled->date));
    }
  }

  bool PaysOnCash() const {
    return rules_.trigger == v1::Component::INVOICED || rules_.trigger == v1::Component::COLLECTED;
  }

  // Bases and cancellations in the order in which they happen.
  std::vector<NaiveChange> MoneyChanges() const {
    if (!PaysOnCash()) return deal_.changes;
    std::vector<NaiveChange> changes =
        rules_.trigger == v1::Component::INVOICED ? deal_.invoices : deal_.payments;
    for (const NaiveChange& change : deal_.changes) {
      if (change.is_cancellation) changes.push_back(change);
    }
    std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) {
      return std::tie(a.date, a.place) < std::tie(b.date, b.place);
    });
    return changes;
  }

  // A change with what it adds in plan currency; of a cancellation what it takes,
  // negative.
  struct Converted {
    const NaiveChange* change;
    int64_t amount;
  };

  // RESTATE: what is left of each base, in the deal's currency, is converted.
  std::vector<Converted> ConvertRestated(const std::vector<NaiveChange>& changes) {
    std::vector<Converted> bases;
    int64_t left = 0;
    for (const NaiveChange& change : changes) {
      if (!change.is_cancellation) {
        if (!first_base_.has_value()) first_base_ = change.date;
        left += change.amount;
        bases.push_back({&change, change.amount});
      } else if (IsApplied(change)) {
        const bool is_full = change.is_full || change.amount >= left;
        Shrink(is_full, change.amount, &bases);
        left = is_full ? 0 : left - change.amount;
      }
    }
    for (Converted& base : bases) {
      base.amount =
          NaiveConvert(facts_, base.amount, base.change->currency, plan_, FxDay(base.change->date))
              .value_or(0);
    }
    return bases;
  }

  std::vector<Converted> Convert(const std::vector<NaiveChange>& changes) {
    if (rules_.mode == v1::Clawback::RESTATE) return ConvertRestated(changes);
    std::vector<Converted> converted;
    int64_t total = 0;
    int64_t stated = 0;  // the same in the deal's currency
    for (const NaiveChange& change : changes) {
      if (change.is_cancellation && !IsApplied(change)) continue;
      int64_t amount =
          NaiveConvert(facts_, change.amount, change.currency, plan_, FxDay(change.date))
              .value_or(0);
      if (change.is_cancellation) {
        // In full is what leaves nothing of these bases, too.
        const bool is_full = change.is_full || change.amount >= stated;
        const int64_t left = std::max<int64_t>(0, total);
        amount = is_full ? -left : -std::min(amount, left);
        stated -= is_full ? std::max<int64_t>(0, stated) : change.amount;
      } else {
        if (!first_base_.has_value()) first_base_ = change.date;
        stated += change.amount;
      }
      total += amount;
      converted.push_back({&change, amount});
    }
    return converted;
  }

  // Takes from the bases so far, the first ones first; in full all of each.
  static void Shrink(bool is_full, int64_t taken, std::vector<Converted>* bases) {
    for (Converted& base : *bases) {
      const int64_t part = std::min(taken, std::max<int64_t>(0, base.amount));
      taken -= part;
      base.amount = is_full ? 0 : base.amount - part;
    }
  }

  Date FxDay(Date d) const {
    if (rules_.fx == v1::FxConversion::PERIOD_END) return rules_.period_end(d);
    return rules_.fx == v1::FxConversion::PLAN_START ? rules_.version->start : d;
  }

  void ReadMoney() {
    const std::vector<NaiveChange> changes = MoneyChanges();
    int64_t total = 0;
    for (const auto& [change, amount] : Convert(changes)) {
      if (change->is_cancellation && !first_base_.has_value()) continue;  // nothing to take
      const bool is_cash = !change->is_cancellation && PaysOnCash();
      const int64_t before = is_cash ? 0 : total;  // cash is Allocated on its own
      const bool is_whole = value_ == v1::DealMeasure::DEAL_AMOUNT;
      const Rational whole = AnyOn(change->date) ? Rational(amount) : Rational(0);
      Add(change->date, change->is_cancellation,
          is_whole ? whole : CreditOn(before, before + amount, change->date));
      total += amount;
    }
  }

  bool IsIn(const NaiveShare& share, Date d) const {
    return share.share.sign() > 0 && IsAround(facts_, around_, share.participant_id, d);
  }
  bool AnyOn(Date d) const {
    return std::any_of(deal_.shares.begin(), deal_.shares.end(),
                       [&](const NaiveShare& share) { return IsIn(share, d); });
  }
  Rational SharesOn(Date d) const {
    Rational sum;
    for (const NaiveShare& share : deal_.shares) {
      if (IsIn(share, d)) sum += share.share;
    }
    return sum;
  }
  Rational CreditOn(int64_t before, int64_t after, Date d) const {
    const std::vector<int64_t> old_credits = CreditsOf(deal_, before, plan_);
    const std::vector<int64_t> new_credits = CreditsOf(deal_, after, plan_);
    Rational sum;
    for (size_t i = 0; i < deal_.shares.size(); ++i) {
      if (IsIn(deal_.shares[i], d)) sum += new_credits[i] - old_credits[i];
    }
    return sum;
  }

  const NaiveFacts& facts_;
  const NaiveDeal& deal_;
  const NaiveAround& around_;
  const NaiveRules& rules_;
  const v1::Plan& plan_;
  const v1::DealMeasure::Value value_;
  const int cancellations_;
  bool restates_ = false;
  std::optional<Date> first_base_;
  std::vector<NaiveEntry> entries_;
};

}  // namespace

bool IsAround(const NaiveFacts& facts, const NaiveAround& around, const std::string& other,
              Date d) {
  if (around.unit.empty()) return facts.InScope(around.participant, around.scope, other, d);
  const v1::ParticipantChanged* state = facts.StateOn(other, d);
  if (state == nullptr) return false;
  return around.unit == (around.scope == v1::TEAM ? state->team() : state->territory());
}

std::vector<NaiveEntry> NaiveEntries(const NaiveFacts& facts, const std::vector<NaiveDeal>& deals,
                                     const NaiveAround& around, const NaiveRules& rules,
                                     const v1::DealMeasure& measure, int cancellations,
                                     const std::function<bool(Date)>& counts) {
  std::vector<NaiveEntry> all;
  for (const NaiveDeal& deal : deals) {
    if (!NaiveMatches(measure.where(), deal.attributes)) continue;
    DealReader reader(facts, deal, around, rules, measure.value(), cancellations);
    for (const NaiveEntry& entry : reader.Read(counts)) {
      if (!entry.value.is_zero()) all.push_back(entry);
    }
  }
  return all;
}

std::optional<int64_t> NaiveConvert(const NaiveFacts& facts, int64_t amount,
                                    const std::string& from, const v1::Plan& plan, Date d) {
  if (from == plan.currency()) return amount;
  const std::optional<Rational> rate = facts.RateOn(from, plan.currency(), d);
  if (!rate.has_value()) return std::nullopt;
  const Rational base_units = Currency::Parse(from)->minor_per_major();
  const Rational quote_units = Currency::Parse(plan.currency())->minor_per_major();
  return NaiveRound(Rational(amount) * *rate * quote_units / base_units, plan);
}

int64_t NaiveRound(const Rational& value, const v1::Plan& plan) {
  const absl::StatusOr<int64_t> rounded =
      value.Round(plan.rounding() == v1::HALF_EVEN ? Rounding::kHalfEven : Rounding::kHalfUp);
  CHECK(rounded.ok());
  return *rounded;
}

std::vector<int64_t> NaiveSplit(int64_t amount, const std::vector<Rational>& weights) {
  Rational total;
  for (const Rational& weight : weights) total += weight;
  std::vector<int64_t> parts(weights.size(), 0);
  if (total.is_zero()) return parts;
  const int64_t absolute = amount < 0 ? -amount : amount;
  std::vector<Rational> remainders;
  int64_t left = absolute;
  for (size_t i = 0; i < weights.size(); ++i) {
    const Rational exact = Rational(absolute) * weights[i] / total;
    const absl::StatusOr<int64_t> floor = exact.Floor();
    CHECK(floor.ok());
    parts[i] = *floor;
    remainders.push_back(exact - parts[i]);
    left -= parts[i];
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return remainders[a] > remainders[b]; });
  for (size_t i = 0; left > 0; ++i, --left) ++parts[order[i]];
  if (amount < 0) {
    for (int64_t& part : parts) part = -part;
  }
  return parts;
}

}  // namespace payfold_testing
