#include "tests/support/naive_instalments.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "ledger/base/check.h"
#include "ledger/money/rational.h"
#include "tests/support/naive_entries.h"

namespace payfold_testing {
namespace {

using ::payfold::Date;
using ::payfold::Period;
using ::payfold::Rational;
namespace v1 = ::payfold::v1;

// A part of a line that waits for a day or for a deal's cash.
struct Part {
  std::string component_id;
  int64_t amount = 0;
  std::optional<Date> due;  // else
  const NaiveDeal* deal = nullptr;
  const v1::Plan* plan = nullptr;
  int64_t taken = 0;  // by negative lines
  int64_t released = 0;

  int64_t outstanding() const { return amount - taken - released; }
};

// The share of the deal that is collected on the evening of a day, at most 1.
Rational Collected(const NaiveDeal& deal, Date d) {
  int64_t amount = 0;
  for (const NaiveChange& change : deal.changes) {
    // What waits for a deal that is booked later waits for all of it.
    const bool is_there = change.date <= d || &change == &deal.changes.front();
    if (!change.is_cancellation && is_there) amount += change.amount;
  }
  int64_t cash = 0;
  for (const NaiveChange& payment : deal.payments) {
    if (payment.date <= d && payment.currency == deal.currency) cash += payment.amount;
  }
  if (amount <= 0) return 1;
  return Min(Rational::Of(cash, amount), 1);
}

// Goes day by day: what falls due, then negative lines, then positive ones. Cash is
// counted when a payout period ends, or before a negative line.
class Holder {
 public:
  Holder(const NaiveFacts& facts, const std::vector<NaiveDeal>& deals)
      : facts_(facts), deals_(deals) {}

  // The part is held from now on.
  void Add(const Part& part) { parts_.push_back(part); }

  void Release(Date d) {
    for (Part& part : parts_) {
      int64_t due = 0;
      if (part.due.has_value()) {
        due = *part.due <= d ? part.amount : 0;
      } else {
        due = NaiveRound(Rational(part.amount) * Collected(*part.deal, d), *part.plan);
      }
      const int64_t now = std::min(due, part.amount - part.taken) - part.released;
      if (now <= 0) continue;
      part.released += now;
      Of(d).released += now;
    }
  }

  // A negative line takes from what is outstanding, the earliest due first.
  void Take(const NaiveLine& line, Date d) {
    std::vector<Part*> outstanding;
    for (Part& part : parts_) {
      if (part.component_id == line.component_id && part.outstanding() > 0) {
        outstanding.push_back(&part);
      }
    }
    std::stable_sort(outstanding.begin(), outstanding.end(), [](const Part* a, const Part* b) {
      return a->due.value_or(Date::Max()) < b->due.value_or(Date::Max());
    });
    int64_t left = -line.minor_units;
    for (Part* part : outstanding) {
      const int64_t taken = std::min(left, part->outstanding());
      part->taken += taken;
      left -= taken;
      Of(d).held -= taken;
      Of(d).taken += taken;
    }
  }

  // Holds what of a positive line is not due in its own payout period.
  void Hold(const NaiveLine& line, Date d) {
    const NaiveVersion& version = facts_.VersionsOf(line.plan_id)[line.plan_version - 1];
    const v1::Component* component = nullptr;
    for (const v1::Component& other : version.plan.components()) {
      if (other.component_id() == line.component_id) component = &other;
    }
    if (component == nullptr || component->schedule().empty()) return;
    std::vector<Rational> shares;
    for (const v1::Instalment& stated : component->schedule()) {
      shares.push_back(NaiveNumber(stated.share()));
    }
    const std::vector<int64_t> amounts = NaiveSplit(line.minor_units, shares);
    for (int i = 0; i < component->schedule_size(); ++i) {
      Part part;
      part.component_id = line.component_id;
      part.amount = amounts[static_cast<size_t>(i)];
      part.plan = &version.plan;
      HoldPart(component->schedule(i), line, d, part);
    }
  }

  std::map<Period, NaiveHeld> periods() const { return periods_; }

 private:
  NaiveHeld& Of(Date d) { return periods_[facts_.PayoutContaining(d)]; }

  void HoldPart(const v1::Instalment& stated, const NaiveLine& line, Date d, Part part) {
    switch (stated.due()) {
      case v1::Instalment::COLLECTED:
        HoldForCash(line, d, part);
        return;
      case v1::Instalment::PERIOD_END: {
        const absl::StatusOr<Period> period = facts_.calendar().Parse(line.measurement_period);
        CHECK(period.ok());
        part.due = period->last();
        break;
      }
      case v1::Instalment::YEAR_END:
        part.due = facts_.calendar().Containing(payfold::PeriodKind::kYear, d).last();
        break;
      case v1::Instalment::AFTER_DAYS:
        part.due = d + stated.n();
        break;
      case v1::Instalment::AFTER_MONTHS:
        part.due = d.AddMonths(stated.n());
        break;
      default:
        part.due = d;
    }
    if (*part.due <= facts_.PayoutContaining(d).last()) return;
    Of(d).held += part.amount;
    Add(part);
  }

  void HoldForCash(const NaiveLine& line, Date d, Part part) {
    std::vector<const NaiveDeal*> deals;
    std::vector<Rational> weights;
    for (const std::string& deal_id : line.credit_order) {
      const auto attributed = line.attributed.find(deal_id);
      if (attributed == line.attributed.end() || attributed->second <= 0) continue;
      for (const NaiveDeal& deal : deals_) {
        if (deal.deal_id == deal_id) deals.push_back(&deal);
      }
      weights.emplace_back(attributed->second);
    }
    if (deals.empty()) return;
    const std::vector<int64_t> amounts = NaiveSplit(part.amount, weights);
    const Date end = facts_.PayoutContaining(d).last();
    for (size_t i = 0; i < deals.size(); ++i) {
      part.deal = deals[i];
      part.amount = amounts[i];
      // What is collected inside the line's own payout period was never held.
      part.released = NaiveRound(Rational(part.amount) * Collected(*part.deal, end), *part.plan);
      Of(d).held += part.amount - part.released;
      Add(part);
    }
  }

  const NaiveFacts& facts_;
  const std::vector<NaiveDeal>& deals_;
  std::vector<Part> parts_;
  std::map<Period, NaiveHeld> periods_;
};

}  // namespace

std::map<Period, NaiveHeld> NaiveSchedule(const NaiveFacts& facts,
                                          const std::vector<NaiveDeal>& deals,
                                          const std::vector<NaiveLine>& lines, Date last) {
  Holder holder(facts, deals);
  const std::optional<Date> first = facts.FirstDay();
  for (Date d = first.value_or(last); d <= last; d = d + 1) {
    bool takes = false;
    for (const NaiveLine& line : lines) {
      takes = takes || (NaiveDate(line.date) == d && line.minor_units < 0);
    }
    if (takes) holder.Release(d);
    for (const NaiveLine& line : lines) {
      if (NaiveDate(line.date) == d && line.minor_units < 0) holder.Take(line, d);
    }
    for (const NaiveLine& line : lines) {
      if (NaiveDate(line.date) == d && line.minor_units > 0) holder.Hold(line, d);
    }
    if (d == facts.PayoutContaining(d).last()) holder.Release(d);
  }
  return holder.periods();
}

std::map<Period, NaiveHeld> NaiveOpeningHeld(const NaiveFacts& facts,
                                             const std::vector<NaiveDeal>& deals,
                                             const std::string& participant,
                                             const std::string& currency, Date last) {
  // No plan gives a rounding here: half up.
  static const v1::Plan& rounding = *new v1::Plan();
  std::map<Period, NaiveHeld> sums;
  for (const v1::Event* event : facts.live()) {
    const v1::OpeningBalance& fact = event->opening_balance();
    if (!event->has_opening_balance() || fact.kind() != v1::OpeningBalance::HELD) continue;
    if (fact.participant_id() != participant || fact.amount().currency() != currency) continue;
    for (const NaiveDeal& deal : deals) {
      if (deal.deal_id != fact.deal_id()) continue;
      Part part;
      part.amount = fact.amount().minor_units();
      part.deal = &deal;
      part.plan = &rounding;
      Holder holder(facts, deals);
      holder.Add(part);
      for (Date d = NaiveDate(fact.as_of()); d <= last; d = d + 1) {
        if (d == facts.PayoutContaining(d).last()) holder.Release(d);
      }
      for (const auto& [period, held] : holder.periods()) sums[period].released += held.released;
    }
  }
  return sums;
}

}  // namespace payfold_testing
