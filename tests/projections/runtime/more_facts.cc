#include "tests/projections/runtime/more_facts.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/support/random_company.h"
#include "tests/support/random_source.h"

namespace payfold_testing {
namespace {

using ::payfold::Date;
namespace v1 = ::payfold::v1;

class FactMaker {
 public:
  FactMaker(uint64_t seed, const std::vector<v1::Event>& company) : random_(seed) {
    std::set<std::string> people, deals;
    for (const v1::Event& event : company) {
      if (event.has_participant_changed()) {
        people.insert(event.participant_changed().participant_id());
      }
      if (event.has_deal_booked()) deals.insert(event.deal_booked().deal_id());
    }
    people_.assign(people.begin(), people.end());
    deals_.assign(deals.begin(), deals.end());
    deals_.push_back("unbooked");
  }

  v1::Event Make(const std::string& id) {
    v1::Event event;
    event.set_event_id(id);
    event.set_source(random_.Chance(50) ? "crm" : "import");
    switch (random_.Int(1, 6)) {
      case 1:
        MakeGoal(event.mutable_goal_chosen());
        break;
      case 2:
        MakeOpening(event.mutable_opening_balance());
        break;
      case 3:
        MakeCash(event.mutable_deal_invoiced());
        break;
      case 4:
        MakeCash(event.mutable_payment_collected());
        break;
      case 5:
        MakePipeline(event.mutable_pipeline_updated());
        break;
      default:
        MakeMetric(event.mutable_metric_recorded());
    }
    return event;
  }

 private:
  std::string Day() { return random_.Day(Date::Of(2024, 12, 1), 150).ToString(); }

  void SetMoney(v1::Money* money) {
    money->set_currency(random_.Chance(80) ? "USD" : "EUR");
    money->set_minor_units(random_.Between(0, 100'000));
  }

  void MakeMetric(v1::MetricRecorded* fact) {
    fact->set_metric(random_.Chance(50) ? "calls" : "nps");
    fact->set_participant_id(random_.Chance(20) ? "*" : random_.Pick(people_));
    fact->set_value(absl::StrCat(random_.Int(-9, 9), random_.Chance(50) ? "" : ".25"));
    fact->set_occurred_on(Day());
    if (random_.Chance(50)) (*fact->mutable_dimensions())["region"] = "emea";
    if (random_.Chance(20)) (*fact->mutable_dimensions())["source"] = "not the ledger's";
  }

  void MakeGoal(v1::GoalChosen* fact) {
    fact->set_participant_id(random_.Pick(people_));
    fact->set_plan_id("plan1");
    fact->set_component_id("growth");
    fact->set_goal_id(random_.Chance(50) ? "bold" : "safe");
    fact->set_period(random_.Chance(50) ? "2025-Q1" : "2025-02");
  }

  void MakeOpening(v1::OpeningBalance* fact) {
    fact->set_participant_id(random_.Pick(people_));
    fact->set_as_of(Day());
    fact->set_kind(static_cast<v1::OpeningBalance::Kind>(random_.Int(1, 3)));
    SetMoney(fact->mutable_amount());
    if (fact->kind() == v1::OpeningBalance::HELD) fact->set_deal_id(random_.Pick(deals_));
  }

  template <typename Fact>
  void MakeCash(Fact* fact) {
    fact->set_deal_id(random_.Pick(deals_));
    fact->set_date(Day());
    SetMoney(fact->mutable_amount());
  }

  void MakePipeline(v1::PipelineUpdated* fact) {
    fact->set_deal_id(random_.Chance(50) ? "unbooked" : random_.Pick(deals_));
    fact->set_stage(random_.Chance(25) ? "LOST" : "proposal");
    if (random_.Chance(80)) fact->set_expected_on(Day());
    if (random_.Chance(80)) SetMoney(fact->mutable_amount());
    if (random_.Chance(50)) fact->set_probability("0.25");
    fact->set_owner_id(random_.Pick(people_));
  }

  RandomSource random_;
  std::vector<std::string> people_, deals_;
};

v1::Event VoidOfFact(const std::string& id) {
  v1::Event event;
  event.set_event_id(absl::StrCat("void-of-", id));
  event.set_source("crm");
  event.mutable_fact_voided()->set_event_id(id);
  event.mutable_fact_voided()->set_reason("wrong");
  return event;
}

}  // namespace

std::vector<v1::Event> WithMoreFacts(uint64_t seed, std::vector<v1::Event> company) {
  RandomSource random(seed);
  FactMaker facts(seed, company);
  const auto insert = [&](v1::Event event) {
    // After the configuration, which comes first.
    const int place = random.Int(1, static_cast<int>(company.size()));
    company.insert(company.begin() + place, std::move(event));
  };
  const size_t count = company.size();
  for (size_t i = 0; i < count; ++i) {
    const std::string id = absl::StrCat("more-", i);
    insert(facts.Make(id));
    if (random.Chance(33)) insert(VoidOfFact(id));
  }
  WriteEnvelopes(&company);
  return company;
}

}  // namespace payfold_testing
