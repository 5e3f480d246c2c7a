#include "tests/support/random_company.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/calendar/period.h"
#include "tests/support/random_company_facts.h"
#include "tests/support/random_plan.h"
#include "tests/support/random_plan_parts.h"
#include "tests/support/random_source.h"

namespace payfold_testing {
namespace {

using ::payfold::Calendar;
using ::payfold::Date;
using ::payfold::Period;
using ::payfold::PeriodKind;
namespace v1 = ::payfold::v1;

class CompanyMaker {
 public:
  CompanyMaker(uint64_t seed, const RandomCompanyOptions& options)
      : options_(options), random_(seed) {}

  std::vector<v1::Event> Make() {
    for (int i = 1; i <= options_.participants; ++i) participants_.push_back(absl::StrCat("p", i));
    MakeLedger();
    for (const std::string& id : participants_) MakeParticipant(id);
    for (int i = random_.Int(0, 2); i > 0; --i) MakePolicy();
    if (options_.foreign_currencies) MakeRates();
    MakeQuotas();
    for (int i = 1; i <= options_.plans; ++i) MakePlanHistory(absl::StrCat("plan", i));
    for (int i = 1; i <= options_.deals; ++i) MakeDeal(absl::StrCat("d", i));
    MakeNoise();
    const RandomFeatures& features = options_.features;
    if (features.metrics) AddMetrics(options_, participants_, &random_, &events_);
    if (features.targets || features.payouts) {
      AddGoals(options_, participants_, PayoutPeriods(), calendar_, &random_, &events_);
    }
    if (features.draws) {
      AddBalances(options_, participants_, PayoutPeriods(), calendar_, &random_, &events_);
    }
    if (options_.voids) MakeVoids();
    // The configuration first, the rest in any order.
    std::vector<v1::Event> rest(events_.begin() + 1, events_.end());
    WriteEnvelopes(&rest);
    rest = Interleave(static_cast<uint64_t>(random_.Between(0, 1'000'000)), rest);
    rest.insert(rest.begin(), events_.front());
    WriteEnvelopes(&rest);
    return rest;
  }

 private:
  v1::Event* Add(const std::string& source) {
    v1::Event& event = events_.emplace_back();
    event.set_event_id(absl::StrCat("e", events_.size()));
    event.set_source(source);
    event.set_actor("tester");
    return &event;
  }

  std::string Day() { return random_.Day(options_.first, options_.days).ToString(); }
  std::string EarlierDay() {
    return random_.Day(options_.first - 30, options_.days / 2).ToString();
  }
  std::string Somebody() {
    return random_.Chance(3) ? std::string("ghost") : random_.Pick(participants_);
  }

  void MakeLedger() {
    v1::LedgerConfigured* fact = Add("hris")->mutable_ledger_configured();
    fact->set_base_currency("USD");
    if (random_.Chance(60)) fact->set_fiscal_year_start_month(random_.Int(1, 12));
    fact->set_payout_period(static_cast<v1::LedgerConfigured::PayoutPeriod>(random_.Int(1, 5)));
    if (fact->payout_period() == v1::LedgerConfigured::TWO_WEEKS) {
      fact->set_payout_anchor((options_.first + random_.Int(-20, 20)).ToString());
    }
    calendar_ = Calendar(std::max(1, fact->fiscal_year_start_month()));
    payout_ = static_cast<payfold::PayoutPeriod>(fact->payout_period() - 1);
    if (!fact->payout_anchor().empty()) anchor_ = *Date::Parse(fact->payout_anchor());
  }

  void MakeParticipant(const std::string& id) {
    const int states = random_.Int(1, 4);
    for (int i = 0; i < states; ++i) {
      v1::ParticipantChanged* fact = Add("hris")->mutable_participant_changed();
      fact->set_participant_id(id);
      fact->set_effective_from(i == 0 && random_.Chance(80) ? EarlierDay() : Day());
      fact->set_status(i == 0 || random_.Chance(65) ? v1::ParticipantChanged::ACTIVE
                       : random_.Chance(50)         ? v1::ParticipantChanged::LEAVE
                                                    : v1::ParticipantChanged::TERMINATED);
      fact->set_role(random_.Pick(Roles()));
      fact->set_team(random_.Pick(Teams()));
      fact->set_territory(random_.Pick(Territories()));
      if (random_.Chance(70)) fact->set_manager_id(Somebody());
      if (random_.Chance(50)) {
        (*fact->mutable_attributes())["level"] = std::to_string(random_.Int(1, 2));
      }
      if (!HasFeatures(options_.features)) continue;
      if (random_.Chance(80)) {
        fact->set_hired_on((options_.first - random_.Int(0, 400)).ToString());
      }
      if (random_.Chance(70)) {
        (*fact->mutable_attributes())["grade"] = absl::StrCat(random_.Int(0, 9), ".5");
      }
    }
  }

  void MakePolicy() {
    v1::SplitPolicySet* fact = Add("crm")->mutable_split_policy_set();
    fact->set_policy_id(absl::StrCat("policy", random_.Int(1, 2)));
    fact->set_effective_from(random_.Chance(50) ? EarlierDay() : Day());
    auto& shares = *fact->mutable_role_shares();
    switch (random_.Int(1, 4)) {
      case 1:
        shares.insert({{"ae", "0.7"}, {"se", "0.3"}});
        break;
      case 2:
        shares.insert({{"ae", "0.333333333"}, {"se", "0.333333333"}, {"mgr", "0.333333334"}});
        break;
      case 3:
        shares.insert({{"ae", "1"}, {"se", "0"}});
        break;
      default:
        shares.insert({{"mgr", "0.05"}, {"ae", "0.95"}});
    }
  }

  void MakeRates() {
    const std::pair<std::string, std::string> kPairs[] = {
        {"EUR", "USD"}, {"USD", "EUR"}, {"USD", "JPY"}, {"JPY", "USD"}, {"EUR", "JPY"}};
    for (const auto& [base, quote] : kPairs) {
      if (options_.missing_rates && random_.Chance(50)) continue;
      const int rates = random_.Int(1, 3);
      for (int i = 0; i < rates; ++i) {
        v1::FxRateSet* fact = Add("bank")->mutable_fx_rate_set();
        fact->set_base(base);
        fact->set_quote(quote);
        const bool early = options_.missing_rates ? random_.Chance(50) : i == 0;
        fact->set_effective_from(early ? (options_.first - 60).ToString() : Day());
        const int64_t part = random_.Between(0, 999'999);
        const int whole = quote == "JPY" ? random_.Int(90, 160) : base == "JPY" ? 0 : 1;
        fact->set_rate(absl::StrCat(whole, ".00", part + 1'000'000));
      }
    }
  }

  void MakeQuotas() {
    for (int i = random_.Int(3, 8); i > 0; --i) {
      const bool is_money = random_.Chance(70);
      const int who = random_.Int(1, 3);
      const std::string subject = who == 1   ? std::string("*")
                                  : who == 2 ? (random_.Chance(50) ? "red" : "blue")
                                             : random_.Pick(participants_);
      for (const Period& period : RandomPeriods()) {
        if (random_.Chance(8)) continue;
        const int times = random_.Chance(10) ? 2 : 1;
        for (int t = 0; t < times; ++t) {
          v1::QuotaSet* fact = Add("crm")->mutable_quota_set();
          fact->set_metric(is_money ? "sales" : "deals");
          fact->set_subject(subject);
          fact->set_period(calendar_.Label(period));
          fact->set_value(random_.Chance(3) ? "0"
                          : is_money        ? absl::StrCat(random_.Between(1, 2'000'000))
                                            : absl::StrCat(random_.Int(0, 5), ".", "5"));
        }
      }
    }
  }

  std::vector<Period> PayoutPeriods() const {
    std::vector<Period> periods;
    const Date last = options_.first + options_.days;
    for (Date d = options_.first; d <= last; d = periods.back().last() + 1) {
      periods.push_back(calendar_.PayoutContaining(payout_, anchor_, d));
    }
    return periods;
  }

  // All periods of one kind about the dates of the company.
  std::vector<Period> RandomPeriods() {
    const Date last = options_.first + options_.days;
    if (random_.Chance(40)) return PayoutPeriods();
    const PeriodKind kind = random_.Pick<PeriodKind>(
        {PeriodKind::kWeek, PeriodKind::kHalfMonth, PeriodKind::kMonth, PeriodKind::kMonth,
         PeriodKind::kQuarter, PeriodKind::kQuarter, PeriodKind::kHalf, PeriodKind::kYear});
    return calendar_.Overlapping(kind, options_.first, last);
  }

  void MakePlanHistory(const std::string& plan_id) {
    const RandomPlanOptions options = {.plan_id = plan_id,
                                       .currency = random_.Chance(75) ? "USD" : "EUR",
                                       .participants = participants_,
                                       .first = options_.first,
                                       .days = options_.days,
                                       .features = options_.features,
                                       .earlier = earlier_};
    const int versions = random_.Int(1, 3);
    for (int i = 0; i < versions; ++i) {
      *Add("crm")->mutable_plan_published()->mutable_plan() = RandomPlan(options, &random_);
      for (int retirements = random_.Chance(20) ? random_.Int(1, 2) : 0; retirements > 0;
           --retirements) {
        v1::PlanRetired* fact = Add("crm")->mutable_plan_retired();
        fact->set_plan_id(plan_id);
        fact->set_effective_to(Day());
      }
    }
    for (int i = 1; i <= 3; ++i) earlier_.push_back(absl::StrCat(plan_id, "/c", i));
    for (const std::string& participant : participants_) {
      const int assignments = random_.Chance(60) ? random_.Int(1, 3) : 0;
      for (int i = 0; i < assignments; ++i) MakeAssignment(options, participant);
    }
  }

  void MakeAssignment(const RandomPlanOptions& plan, const std::string& participant) {
    v1::PlanAssigned* fact = Add("hris")->mutable_plan_assigned();
    fact->set_plan_id(plan.plan_id);
    fact->set_participant_id(participant);
    const Date from = random_.Day(options_.first - 20, options_.days);
    fact->set_effective_from(from.ToString());
    if (random_.Chance(30)) fact->set_effective_to((from + random_.Int(0, 60)).ToString());
    if (random_.Chance(15)) {
      fact->set_excluded(true);
    } else if (random_.Chance(75)) {
      fact->mutable_target_incentive()->set_currency(plan.currency);
      fact->mutable_target_incentive()->set_minor_units(random_.Between(0, 10'000'000));
    }
  }

  std::string DealCurrency() {
    if (!options_.foreign_currencies || random_.Chance(70)) return "USD";
    return random_.Chance(60) ? "EUR" : "JPY";
  }

  void SetMoney(const std::string& currency, v1::Money* money) {
    static const auto& kTiny = *new std::vector<int64_t>{0, 1, 2, 3, 5, 7, 10, 50, 99, 100, 101};
    money->set_currency(currency);
    const int size = random_.Int(1, 10);
    money->set_minor_units(size <= 3   ? random_.Pick(kTiny)
                           : size <= 8 ? random_.Between(0, 1'000'000)
                                       : random_.Between(0, 50'000'000));
  }

  template <typename Fact>
  void AddMembers(Fact* fact) {
    std::set<std::pair<std::string, std::string>> seen;
    for (int i = random_.Int(1, 4); i > 0; --i) {
      const std::string participant = Somebody();
      const std::string role = random_.Chance(10) ? "intern" : random_.Pick(Roles());
      if (!seen.emplace(participant, role).second) continue;
      v1::DealMember* member = fact->add_members();
      member->set_participant_id(participant);
      member->set_role(role);
    }
  }

  v1::Event Booking(const std::string& id, const std::string& currency) {
    v1::Event* event = Add(random_.Chance(70) ? "crm" : "import:deals.csv");
    v1::DealBooked* fact = event->mutable_deal_booked();
    fact->set_deal_id(id);
    SetMoney(currency, fact->mutable_amount());
    fact->set_booked_on(Day());
    if (random_.Chance(90)) fact->set_owner_id(Somebody());
    if (random_.Chance(50)) AddMembers(fact);
    fact->set_product(random_.Pick(Products()));
    fact->set_segment(random_.Pick(Segments()));
    fact->set_territory(random_.Pick(Territories()));
    if (random_.Chance(60)) fact->set_channel(random_.Chance(50) ? "direct" : "web");
    if (random_.Chance(60)) fact->set_customer_id(random_.Chance(50) ? "k1" : "k3");
    if (random_.Chance(60)) fact->set_term_months(random_.Int(0, 3) * 12);
    if (random_.Chance(30)) (*fact->mutable_attributes())["kind"] = std::string("new");
    return TakeBack();
  }

  // The event added last, to be put elsewhere.
  v1::Event TakeBack() {
    v1::Event event = events_.back();
    event.set_event_id(absl::StrCat("m", ++moved_));
    events_.pop_back();
    return event;
  }

  void MakeDeal(const std::string& id) {
    const std::string currency = DealCurrency();
    std::vector<v1::Event> changes;
    for (int i = random_.Chance(40) ? random_.Int(1, 2) : 0; i > 0; --i) {
      changes.push_back(Split(id));
    }
    for (int i = random_.Chance(45) ? random_.Int(1, 4) : 0; i > 0; --i) {
      changes.push_back(Amendment(id, currency));
    }
    for (int i = random_.Chance(45) ? random_.Int(1, 3) : 0; i > 0; --i) {
      changes.push_back(Cancellation(id, currency));
    }
    if (options_.features.triggers || options_.features.schedules) {
      for (int i = random_.Chance(70) ? random_.Int(1, 4) : 0; i > 0; --i) {
        changes.push_back(CashOf(id, currency));
      }
    }
    random_.Shuffle(&changes);
    std::vector<v1::Event> bookings = {Booking(id, currency)};
    if (options_.voids && random_.Chance(8)) {
      Add("crm")->mutable_fact_voided()->set_event_id(bookings.front().event_id());
      bookings.push_back(TakeBack());
      bookings.push_back(Booking(id, currency));
    }
    const auto place = changes.begin() + random_.Int(0, static_cast<int>(changes.size()));
    changes.insert(place, bookings.begin(), bookings.end());
    events_.insert(events_.end(), changes.begin(), changes.end());
  }

  v1::Event CashOf(const std::string& id, const std::string& currency) {
    v1::Event* event = Add("bank");
    const std::string of = random_.Chance(4) ? std::string("EUR") : currency;
    const auto fill = [&](auto* fact) {
      fact->set_deal_id(id);
      fact->set_date(random_.Chance(10) ? EarlierDay() : Day());
      SetMoney(of, fact->mutable_amount());
    };
    if (random_.Chance(50)) {
      fill(event->mutable_deal_invoiced());
    } else {
      fill(event->mutable_payment_collected());
    }
    return TakeBack();
  }

  v1::Event Split(const std::string& id) {
    static const auto& kShares =
        *new std::vector<std::vector<std::string>>{{"1"},
                                                   {"0.5", "0.5"},
                                                   {"0.7", "0.3"},
                                                   {"0.333333333", "0.333333333", "0.333333334"},
                                                   {"0.000000001", "0.999999999"}};
    v1::CreditSplit* fact = Add("crm")->mutable_credit_split();
    fact->set_deal_id(id);
    std::vector<std::string> who = participants_;
    random_.Shuffle(&who);
    size_t next = 0;
    for (const std::string& share : random_.Pick(kShares)) {
      v1::CreditShare* stated = fact->add_shares();
      stated->set_participant_id(random_.Chance(3) ? "ghost" : who[next % who.size()]);
      stated->set_share(share);
      ++next;
    }
    if (random_.Chance(35)) {
      v1::CreditShare* overlay = fact->add_shares();
      overlay->set_participant_id(random_.Pick(participants_));
      overlay->set_share(random_.Chance(50) ? "0.25" : "1.005");
      overlay->set_overlay(true);
    }
    return TakeBack();
  }

  v1::Event Amendment(const std::string& id, const std::string& currency) {
    v1::DealAmended* fact = Add("import:changes.csv")->mutable_deal_amended();
    fact->set_deal_id(id);
    fact->set_amended_on(random_.Chance(15) ? EarlierDay() : Day());
    const std::string of = random_.Chance(4) ? std::string("EUR") : currency;
    if (random_.Chance(55)) {
      fact->set_mode(v1::DealAmended::ADJUST);
      SetMoney(of, fact->mutable_amount());
      return TakeBack();
    }
    fact->set_mode(v1::DealAmended::RESTATE);
    if (random_.Chance(45)) SetMoney(of, fact->mutable_amount());
    if (random_.Chance(30)) fact->set_booked_on(Day());
    if (random_.Chance(20)) fact->set_owner_id(random_.Chance(90) ? Somebody() : std::string());
    if (random_.Chance(20)) AddMembers(fact);
    if (random_.Chance(20)) fact->set_product(random_.Pick(Products()));
    if (random_.Chance(10)) fact->set_segment(random_.Pick(Segments()));
    if (random_.Chance(10)) fact->set_channel("partner");
    if (random_.Chance(10)) fact->set_term_months(36);
    if (random_.Chance(10)) {
      (*fact->mutable_attributes())["kind"] = std::string(random_.Chance(50) ? "new" : "");
    }
    if (!fact->has_amount() && !fact->has_product()) fact->set_product("beta");
    return TakeBack();
  }

  v1::Event Cancellation(const std::string& id, const std::string& currency) {
    v1::DealCancelled* fact = Add("crm")->mutable_deal_cancelled();
    fact->set_deal_id(id);
    fact->set_cancelled_on(random_.Chance(15) ? EarlierDay() : Day());
    if (random_.Chance(60)) {
      SetMoney(random_.Chance(4) ? std::string("EUR") : currency, fact->mutable_amount());
      fact->mutable_amount()->set_minor_units(fact->amount().minor_units() + 1);
    }
    return TakeBack();
  }

  // What pays nothing.
  void MakeNoise() {
    v1::MetricRecorded* metric = Add("crm")->mutable_metric_recorded();
    metric->set_metric("calls");
    metric->set_participant_id(random_.Pick(participants_));
    metric->set_value("12");
    metric->set_occurred_on(Day());
    v1::PipelineUpdated* open = Add("crm")->mutable_pipeline_updated();
    open->set_deal_id("d1");
    open->set_stage("proposal");
  }

  void MakeVoids() {
    const size_t count = events_.size();
    for (size_t i = 0; i < count; ++i) {
      const v1::Event& event = events_[i];
      const bool can_be_voided = !event.has_ledger_configured() && !event.has_plan_published() &&
                                 !event.has_plan_retired() && !event.has_fact_voided();
      if (!can_be_voided || !random_.Chance(4)) continue;
      const std::string event_id = event.event_id();
      v1::FactVoided* fact = Add("crm")->mutable_fact_voided();
      fact->set_event_id(event_id);
      fact->set_reason("wrong");
    }
    // Some come before what they void.
    for (size_t i = count; i < events_.size(); ++i) {
      if (random_.Chance(50)) {
        std::rotate(events_.begin() + 1, events_.begin() + static_cast<ptrdiff_t>(i),
                    events_.begin() + static_cast<ptrdiff_t>(i) + 1);
      }
    }
  }

  const RandomCompanyOptions options_;
  RandomSource random_;
  Calendar calendar_;
  payfold::PayoutPeriod payout_ = payfold::PayoutPeriod::kMonth;
  Date anchor_;
  std::vector<std::string> participants_;
  std::vector<std::string> earlier_;  // components that later plans may depend on
  std::vector<v1::Event> events_;
  int moved_ = 0;
};

}  // namespace

std::vector<v1::Event> RandomCompany(uint64_t seed, const RandomCompanyOptions& options) {
  return CompanyMaker(seed, options).Make();
}

Date Horizon(const RandomCompanyOptions& options) { return options.first + options.days + 40; }

}  // namespace payfold_testing
