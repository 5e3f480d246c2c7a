#include <algorithm>

#include "absl/numeric/int128.h"
#include "ledger/base/check.h"
#include "ledger/money/allocate.h"
#include "ledger/money/currency.h"
#include "ledger/money/decimal.h"
#include "tests/support/naive_deals.h"

namespace payfold_testing {
namespace {

using ::payfold::Allocate;
using ::payfold::Currency;
using ::payfold::Date;
using ::payfold::Decimal;
using ::payfold::Rational;
using ::payfold::Rounding;
namespace v1 = ::payfold::v1;

using Attributes = std::map<std::string, std::string>;

bool Holds(const v1::Condition& condition, const Attributes& attributes) {
  if (!condition.any().empty()) {
    for (const v1::ConditionList& list : condition.any()) {
      const bool all = std::all_of(list.all().begin(), list.all().end(),
                                   [&](const v1::Condition& c) { return Holds(c, attributes); });
      if (all) return true;
    }
    return false;
  }
  const auto found = attributes.find(condition.attribute());
  if (found == attributes.end()) return !condition.none_of().empty();
  const auto is_value = [&](const std::string& text) { return text == found->second; };
  if (!condition.any_of().empty()) {
    return std::any_of(condition.any_of().begin(), condition.any_of().end(), is_value);
  }
  if (!condition.none_of().empty()) {
    return std::none_of(condition.none_of().begin(), condition.none_of().end(), is_value);
  }
  const absl::StatusOr<Decimal> number = Decimal::Parse(found->second);
  if (!number.ok()) return false;
  const Rational value(*number);
  if (!condition.at_least().empty()) return value >= NaiveNumber(condition.at_least());
  if (!condition.above().empty()) return value > NaiveNumber(condition.above());
  if (!condition.at_most().empty()) return value <= NaiveNumber(condition.at_most());
  return value < NaiveNumber(condition.below());
}

int64_t Rounded(const Rational& value, const v1::Plan& plan) {
  const absl::StatusOr<int64_t> rounded =
      value.Round(plan.rounding() == v1::HALF_EVEN ? Rounding::kHalfEven : Rounding::kHalfUp);
  CHECK(rounded.ok());
  return *rounded;
}

// The amount in the plan's currency; none without a rate on the date.
std::optional<int64_t> Convert(const NaiveFacts& facts, int64_t amount, const std::string& from,
                               const v1::Plan& plan, Date d) {
  if (from == plan.currency()) return amount;
  const std::optional<Rational> rate = facts.RateOn(from, plan.currency(), d);
  if (!rate.has_value()) return std::nullopt;
  const Rational base_units = Currency::Parse(from)->minor_per_major();
  const Rational quote_units = Currency::Parse(plan.currency())->minor_per_major();
  return Rounded(Rational(amount) * *rate * quote_units / base_units, plan);
}

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
    credits.push_back(share.overlay ? Rounded(Rational(total) * share.share, plan) : parts[next++]);
  }
  return credits;
}

// One deal read for one measure of one participant.
class DealReader {
 public:
  DealReader(const NaiveFacts& facts, const NaiveDeal& deal, std::string participant,
             const v1::Plan& plan, v1::DealMeasure::Value value, v1::Scope scope)
      : facts_(facts),
        deal_(deal),
        participant_(std::move(participant)),
        plan_(plan),
        value_(value == v1::DealMeasure::VALUE_UNSPECIFIED ? v1::DealMeasure::AMOUNT : value),
        scope_(scope) {}

  std::vector<NaiveEntry> Read() {
    std::vector<NaiveEntry> entries;
    Rational counted;
    for (const NaiveChange& change : deal_.changes) {
      const bool is_cancellation = change.kind == NaiveChange::Kind::kCancel;
      Rational value = ValueOf(change);
      const Date in_plan_on = is_cancellation ? deal_.booked_on : change.date;
      if (!facts_.InPlan(participant_, plan_.plan_id(), in_plan_on)) continue;
      if (is_cancellation) value = Max(value, -Max(0, counted));
      counted += value;
      entries.push_back({deal_.deal_id, change.date, is_cancellation, value});
    }
    return entries;
  }

 private:
  // What the change adds for those in the scope on its date.
  Rational ValueOf(const NaiveChange& change) {
    const int64_t before = total_;
    total_ += MoneyOf(change);
    const int count_before = count_;
    if (change.kind == NaiveChange::Kind::kBooking) count_ = 1;
    if (change.is_full) count_ = 0;
    switch (value_) {
      case v1::DealMeasure::COUNT:
        return AnyInScope(change.date) ? count_ - count_before : 0;
      case v1::DealMeasure::SHARED_COUNT:
        return SharesInScope(change.date) * (count_ - count_before);
      case v1::DealMeasure::DEAL_AMOUNT:
        return AnyInScope(change.date) ? total_ - before : 0;
      default:
        return CreditInScope(before, total_, change.date);
    }
  }

  // The change of the deal's total in the plan's currency.
  int64_t MoneyOf(const NaiveChange& change) const {
    const std::optional<int64_t> amount =
        Convert(facts_, change.amount, deal_.currency, plan_, change.date);
    if (change.kind != NaiveChange::Kind::kCancel) return amount.value_or(0);
    const int64_t left = std::max<int64_t>(0, total_);
    return change.is_full ? -left : -std::min(amount.value_or(0), left);
  }

  bool IsInScope(const NaiveShare& share, Date d) const {
    return share.share.sign() > 0 && facts_.InScope(participant_, scope_, share.participant_id, d);
  }
  bool AnyInScope(Date d) const {
    return std::any_of(deal_.shares.begin(), deal_.shares.end(),
                       [&](const NaiveShare& share) { return IsInScope(share, d); });
  }
  Rational SharesInScope(Date d) const {
    Rational sum;
    for (const NaiveShare& share : deal_.shares) {
      if (IsInScope(share, d)) sum += share.share;
    }
    return sum;
  }
  Rational CreditInScope(int64_t before, int64_t after, Date d) const {
    const std::vector<int64_t> old_credits = CreditsOf(deal_, before, plan_);
    const std::vector<int64_t> new_credits = CreditsOf(deal_, after, plan_);
    Rational sum;
    for (size_t i = 0; i < deal_.shares.size(); ++i) {
      if (IsInScope(deal_.shares[i], d)) sum += new_credits[i] - old_credits[i];
    }
    return sum;
  }

  const NaiveFacts& facts_;
  const NaiveDeal& deal_;
  const std::string participant_;
  const v1::Plan& plan_;
  const v1::DealMeasure::Value value_;
  const v1::Scope scope_;
  int64_t total_ = 0;  // in the plan's currency
  int count_ = 0;
};

}  // namespace

std::vector<NaiveEntry> NaiveEntries(const NaiveFacts& facts, const std::vector<NaiveDeal>& deals,
                                     const std::string& participant, const v1::Plan& plan,
                                     const v1::DealMeasure& measure, v1::Scope scope) {
  std::vector<NaiveEntry> all;
  for (const NaiveDeal& deal : deals) {
    const bool matches =
        std::all_of(measure.where().begin(), measure.where().end(),
                    [&](const v1::Condition& c) { return Holds(c, deal.attributes); });
    if (!matches) continue;
    DealReader reader(facts, deal, participant, plan, measure.value(), scope);
    const std::vector<NaiveEntry> entries = reader.Read();
    all.insert(all.end(), entries.begin(), entries.end());
  }
  return all;
}

bool IsMoney(const v1::DealMeasure& measure) {
  return measure.value() != v1::DealMeasure::COUNT &&
         measure.value() != v1::DealMeasure::SHARED_COUNT;
}

}  // namespace payfold_testing
