#include "tests/support/naive_settlement.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"
#include "ledger/calendar/period.h"
#include "ledger/money/currency.h"
#include "ledger/money/rational.h"
#include "tests/support/naive_entries.h"
#include "tests/support/naive_evaluator.h"
#include "tests/support/naive_facts.h"
#include "tests/support/naive_instalments.h"
#include "tests/support/naive_lines.h"

namespace payfold_testing {
namespace {

using ::payfold::Currency;
using ::payfold::Date;
using ::payfold::Period;
using ::payfold::Rational;
namespace v1 = ::payfold::v1;

class Settler {
 public:
  Settler(const std::vector<v1::Event>& events, const NaiveFacts& facts, Date horizon)
      : facts_(facts),
        maker_(facts, horizon),
        measures_(maker_.measures()),
        first_(facts.FirstDay().value_or(horizon)),
        last_(facts.PayoutContaining(horizon).last()),
        lines_(NaiveLines(events, last_)) {
    // What is in the log before anybody has a state belongs to a period, too.
    for (const v1::Event* event : facts.live()) {
      if (event->has_opening_balance()) {
        first_ = std::min(first_, NaiveDate(event->opening_balance().as_of()));
        people_.insert(event->opening_balance().participant_id());
      } else if (event->has_adjustment_posted()) {
        const v1::AdjustmentPosted& fact = event->adjustment_posted();
        const absl::StatusOr<Period> period = facts.calendar().Parse(fact.period());
        CHECK(period.ok());
        first_ = std::min(first_, period->first());
        people_.insert(fact.participant_id());
      }
    }
    for (const std::string& participant : facts.participants()) people_.insert(participant);
    for (Date d = first_; d <= last_; d = periods_.back().last() + 1) {
      periods_.push_back(facts.PayoutContaining(d));
    }
  }

  NaiveSettlement Settle() {
    NaiveSettlement settlement;
    for (const std::string& participant : people_) {
      std::set<std::string> currencies;
      for (const std::string& plan_id : facts_.plans()) {
        for (const NaivePlanPeriod& row : PlanPeriods(participant, plan_id)) {
          const bool is_empty = row.earned == 0 && row.draw == 0 && row.balance == 0 &&
                                row.recovery == 0 && row.held == 0 && row.released == 0;
          if (is_empty) continue;
          settlement.plans.push_back(row);
          payable_[{participant, row.currency, row.payout_period}] += row.payable;
          currencies.insert(row.currency);
        }
      }
      for (const v1::Event* event : facts_.live()) {
        if (event->has_adjustment_posted()) {
          currencies.insert(event->adjustment_posted().amount().currency());
        } else if (event->has_opening_balance()) {
          currencies.insert(event->opening_balance().amount().currency());
        }
      }
      for (const std::string& currency : currencies)
        AddStatements(participant, currency, &settlement);
    }
    return settlement;
  }

 private:
  const NaiveVersion* LastInForce(const std::string& plan_id, const Period& period) const {
    for (Date d = period.last(); d >= period.first(); d = d - 1) {
      const NaiveVersion* version = facts_.VersionOn(plan_id, d);
      if (version != nullptr) return version;
    }
    return nullptr;
  }

  static int64_t Minor(const std::string& major, const v1::Plan& plan) {
    return NaiveRound(
        NaiveNumber(major) * Rational(Currency::Parse(plan.currency())->minor_per_major()), plan);
  }

  int64_t DaysInPlan(const std::string& participant, const std::string& plan_id,
                     const Period& period) const {
    return static_cast<int64_t>(measures_.DaysInPlan(participant, plan_id, period).size());
  }

  // The draws of the parts that end in the payout period.
  int64_t DrawOf(const std::string& participant, const v1::Plan& plan, const Period& payout) const {
    const v1::Draw& draw = plan.draw();
    std::vector<Period> parts = {payout};
    if (draw.per() != v1::PERIOD_KIND_UNSPECIFIED) {
      parts = facts_.calendar().Overlapping(NaiveKind(draw.per()), payout.first(), payout.last());
    }
    int64_t sum = 0;
    for (const Period& part : parts) {
      if (part.last() > payout.last()) continue;
      const int64_t days = DaysInPlan(participant, plan.plan_id(), part);
      if (days == 0) continue;
      const Rational share = draw.prorate() ? Rational::Of(days, part.days()) : Rational(1);
      sum += NaiveRound(Rational(Minor(draw.amount(), plan)) * share, plan);
    }
    return sum;
  }

  // The opening balance that joins this plan: the first by id with a draw.
  int64_t OpeningDraw(const std::string& participant, const std::string& plan_id) const {
    int64_t sum = 0;
    for (const v1::Event* event : facts_.live()) {
      const v1::OpeningBalance& fact = event->opening_balance();
      if (!event->has_opening_balance() || fact.kind() != v1::OpeningBalance::DRAW) continue;
      if (fact.participant_id() != participant) continue;
      for (const std::string& other : facts_.plans()) {
        const std::vector<NaiveVersion>& versions = facts_.VersionsOf(other);
        const bool has_draw =
            std::any_of(versions.begin(), versions.end(), [&](const NaiveVersion& version) {
              return version.plan.has_draw() && facts_.IsEverInForce(version) &&
                     version.plan.currency() == fact.amount().currency();
            });
        if (!has_draw ||
            DaysInPlan(participant, other, Period::Window(periods_.front().first(), last_)) == 0) {
          continue;
        }
        if (other == plan_id) sum += fact.amount().minor_units();
        break;
      }
    }
    return sum;
  }

  std::vector<NaivePlanPeriod> PlanPeriods(const std::string& participant,
                                           const std::string& plan_id) {
    std::vector<NaiveLine> lines;
    for (const NaiveLine& line : lines_) {
      const bool is_theirs = line.participant_id == participant && line.plan_id == plan_id;
      if (is_theirs && line.reward.empty()) lines.push_back(line);
    }
    std::map<Period, NaiveHeld> held = NaiveSchedule(facts_, measures_.deals(), lines, last_);
    int64_t balance = OpeningDraw(participant, plan_id);
    int periods_in_plan = 0;
    std::optional<Date> first_in_plan;
    std::vector<NaivePlanPeriod> rows;
    for (const Period& period : periods_) {
      NaivePlanPeriod row;
      row.participant_id = participant;
      row.plan_id = plan_id;
      row.payout_period = facts_.calendar().Label(period);
      row.currency = facts_.VersionsOf(plan_id).front().plan.currency();
      for (const NaiveLine& line : lines) {
        if (period.Contains(NaiveDate(line.date))) row.earned += line.minor_units;
      }
      row.held = held[period].held;
      row.released = held[period].released;
      const bool is_in_plan = DaysInPlan(participant, plan_id, period) > 0;
      if (is_in_plan) {
        ++periods_in_plan;
        if (!first_in_plan.has_value()) first_in_plan = period.first();
      }
      row.payable = row.earned - row.held + row.released;
      const NaiveVersion* version = LastInForce(plan_id, period);
      if (version != nullptr && version->plan.has_draw()) {
        const v1::Draw& draw = version->plan.draw();
        const bool runs = is_in_plan && (draw.periods() == 0 || periods_in_plan <= draw.periods());
        if (runs) row.draw = DrawOf(participant, version->plan, period);
        // Recovery begins some months after the participant's first period.
        const bool recovers =
            first_in_plan.has_value() &&
            period.first() >= first_in_plan->AddMonths(draw.recover_after().months());
        Draw(version->plan, runs, recovers, held[period].taken, &balance, &row);
      }
      row.balance = balance;
      rows.push_back(row);
    }
    return rows;
  }

  static void Draw(const v1::Plan& plan, bool runs, bool recovers, int64_t taken_from_held,
                   int64_t* balance, NaivePlanPeriod* row) {
    const v1::Draw& draw = plan.draw();
    const bool from_earnings = draw.recover_from() == v1::Draw::EARNINGS;
    const int64_t negative = std::max<int64_t>(0, -row->earned);
    int64_t recoverable_from = std::max<int64_t>(0, row->earned);
    if (from_earnings) {
      if (draw.recoverable()) *balance += row->draw;
      const int64_t joins = std::max<int64_t>(0, negative - taken_from_held);
      *balance += joins;
      row->payable += joins;
    } else {
      recoverable_from = std::max<int64_t>(0, row->earned - row->draw);
    }
    if (recovers) {
      const Rational rate =
          draw.recovery_rate().empty() ? Rational(1) : NaiveNumber(draw.recovery_rate());
      row->recovery = std::max<int64_t>(
          0, std::min(*balance, NaiveRound(Rational(recoverable_from) * rate, plan)));
      if (!draw.recovery_cap().empty()) {
        const Rational most =
            NaiveNumber(draw.recovery_cap()) * Rational(std::max<int64_t>(0, row->earned));
        row->recovery = std::min(row->recovery, NaiveRound(most, plan));
      }
      *balance -= row->recovery;
      row->payable -= row->recovery;
    }
    if (from_earnings || !runs) return;
    row->top_up = std::max<int64_t>(0, row->draw - row->earned);
    if (!draw.max_balance().empty()) {
      row->top_up =
          std::min(row->top_up, std::max<int64_t>(0, Minor(draw.max_balance(), plan) - *balance));
    }
    *balance += draw.recoverable() ? row->top_up : std::min(row->top_up, negative);
    row->payable += row->top_up;
  }

  void AddStatements(const std::string& participant, const std::string& currency,
                     NaiveSettlement* settlement) {
    const std::map<Period, NaiveHeld> openings =
        NaiveOpeningHeld(facts_, measures_.deals(), participant, currency, last_);
    int64_t carried = 0;
    for (const Period& period : periods_) {
      NaiveStatement statement;
      statement.participant_id = participant;
      statement.currency = currency;
      statement.payout_period = facts_.calendar().Label(period);
      statement.carried_in = carried;
      for (const v1::Event* event : facts_.live()) {
        if (event->has_adjustment_posted()) {
          const v1::AdjustmentPosted& fact = event->adjustment_posted();
          if (fact.participant_id() == participant && fact.amount().currency() == currency &&
              fact.period() == statement.payout_period) {
            statement.adjustments += fact.amount().minor_units();
          }
        } else if (event->has_opening_balance()) {
          const v1::OpeningBalance& fact = event->opening_balance();
          if (fact.participant_id() == participant && fact.amount().currency() == currency &&
              fact.kind() == v1::OpeningBalance::PAYABLE &&
              facts_.PayoutContaining(NaiveDate(fact.as_of())).last() + 1 == period.first()) {
            statement.carried_in += fact.amount().minor_units();
          }
        }
      }
      const auto opening = openings.find(period);
      if (opening != openings.end()) statement.released = opening->second.released;
      const auto plans = payable_.find({participant, currency, statement.payout_period});
      const int64_t payable = (plans == payable_.end() ? 0 : plans->second) +
                              statement.adjustments + statement.carried_in + statement.released;
      statement.payable = std::max<int64_t>(0, payable);
      statement.carried_out = std::min<int64_t>(0, payable);
      carried = statement.carried_out;
      const bool is_empty = plans == payable_.end() && statement.adjustments == 0 &&
                            statement.released == 0 && statement.carried_in == 0;
      if (!is_empty) settlement->statements.push_back(statement);
    }
  }

  const NaiveFacts& facts_;
  NaiveLineMaker maker_;
  const NaiveMeasures& measures_;
  Date first_, last_;
  const std::vector<NaiveLine> lines_;
  std::vector<Period> periods_;
  std::set<std::string> people_;  // with a state, an adjustment or a balance
  // By participant, currency and payout period.
  std::map<std::tuple<std::string, std::string, std::string>, int64_t> payable_;
};

void Append(const std::string& name, int64_t amount, std::string* text) {
  if (amount != 0) absl::StrAppend(text, " ", name, " ", amount);
}

}  // namespace

NaiveSettlement NaiveSettle(const std::vector<v1::Event>& events, Date horizon) {
  const NaiveFacts facts(events);
  if (!facts.is_configured()) return {};
  return Settler(events, facts, horizon).Settle();
}

std::string ToText(const NaiveSettlement& settlement) {
  std::string text;
  for (const NaivePlanPeriod& row : settlement.plans) {
    absl::StrAppend(&text, row.participant_id, "/", row.plan_id, " ", row.payout_period);
    Append("earned", row.earned, &text);
    Append("draw", row.draw, &text);
    Append("top_up", row.top_up, &text);
    Append("recovery", row.recovery, &text);
    Append("balance", row.balance, &text);
    Append("held", row.held, &text);
    Append("released", row.released, &text);
    Append("payable", row.payable, &text);
    text += "\n";
  }
  for (const NaiveStatement& row : settlement.statements) {
    absl::StrAppend(&text, row.participant_id, " ", row.currency, " ", row.payout_period);
    Append("adjustments", row.adjustments, &text);
    Append("released", row.released, &text);
    Append("carried_in", row.carried_in, &text);
    Append("payable", row.payable, &text);
    Append("carried_out", row.carried_out, &text);
    text += "\n";
  }
  return text;
}

}  // namespace payfold_testing
