#include "tests/support/random_company_facts.h"

#include "absl/strings/str_cat.h"

namespace payfold_testing {
namespace {

using ::payfold::Calendar;
using ::payfold::Date;
using ::payfold::Period;
using ::payfold::PeriodKind;
namespace v1 = ::payfold::v1;

using Log = std::vector<v1::Event>;

v1::Event* Add(const std::string& source, Log* events) {
  v1::Event& event = events->emplace_back();
  event.set_event_id(absl::StrCat("f", events->size()));
  event.set_source(source);
  event.set_actor("tester");
  return &event;
}

}  // namespace

void AddMetrics(const RandomCompanyOptions& options, const std::vector<std::string>& participants,
                RandomSource* random, Log* events) {
  for (int i = options.deals * 2; i > 0; --i) {
    v1::MetricRecorded* fact =
        Add(random->Chance(70) ? "crm" : "import:calls.csv", events)->mutable_metric_recorded();
    fact->set_metric(random->Pick<std::string>({"calls", "calls", "score", "spend"}));
    fact->set_participant_id(random->Chance(12)  ? std::string("*")
                             : random->Chance(3) ? std::string("ghost")
                                                 : random->Pick(participants));
    fact->set_value(fact->metric() == "spend" ? absl::StrCat(random->Between(-20'000, 300'000))
                    : fact->metric() == "score"
                        ? absl::StrCat(random->Int(0, 10))
                        : absl::StrCat(random->Int(0, 5), random->Chance(20) ? ".25" : ""));
    fact->set_occurred_on(random->Day(options.first - 20, options.days + 20).ToString());
    if (random->Chance(60)) {
      (*fact->mutable_dimensions())["kind"] = random->Pick<std::string>({"a", "b", "c"});
    }
  }
}

void AddGoals(const RandomCompanyOptions& options, const std::vector<std::string>& participants,
              const std::vector<Period>& payouts, const Calendar& calendar, RandomSource* random,
              Log* events) {
  for (int i = options.participants * 8; i > 0; --i) {
    v1::GoalChosen* fact = Add("crm", events)->mutable_goal_chosen();
    fact->set_participant_id(random->Pick(participants));
    fact->set_plan_id(absl::StrCat("plan", random->Int(1, options.plans)));
    fact->set_component_id(absl::StrCat("c", random->Int(1, 3)));
    fact->set_goal_id(absl::StrCat("g", random->Int(1, 2)));
    const Period period =
        random->Chance(50) ? random->Pick(payouts)
                           : calendar.Containing(
                                 random->Pick<PeriodKind>(
                                     {PeriodKind::kMonth, PeriodKind::kQuarter, PeriodKind::kYear}),
                                 random->Day(options.first, options.days));
    fact->set_period(calendar.Label(period));
  }
}

void AddBalances(const RandomCompanyOptions& options, const std::vector<std::string>& participants,
                 const std::vector<Period>& payouts, const Calendar& calendar, RandomSource* random,
                 Log* events) {
  for (int i = random->Int(0, 4); i > 0; --i) {
    v1::OpeningBalance* fact = Add("import:old.csv", events)->mutable_opening_balance();
    fact->set_participant_id(random->Pick(participants));
    fact->set_as_of(random->Day(options.first - 20, options.days).ToString());
    fact->set_kind(static_cast<v1::OpeningBalance::Kind>(random->Int(1, 3)));
    fact->mutable_amount()->set_currency("USD");
    fact->mutable_amount()->set_minor_units(random->Between(1, 200'000));
    if (fact->kind() == v1::OpeningBalance::HELD) {
      fact->set_deal_id(absl::StrCat("d", random->Int(1, options.deals)));
    }
  }
  for (int i = random->Int(0, 4); i > 0; --i) {
    v1::AdjustmentPosted* fact = Add("crm", events)->mutable_adjustment_posted();
    fact->set_adjustment_id(absl::StrCat("adjustment", i));
    fact->set_participant_id(random->Pick(participants));
    fact->set_period(calendar.Label(random->Pick(payouts)));
    fact->mutable_amount()->set_currency("USD");
    fact->mutable_amount()->set_minor_units(random->Chance(50) ? random->Between(1, 90'000)
                                                               : -random->Between(1, 90'000));
    fact->set_reason("correction");
    if (random->Chance(60)) fact->set_plan_id(absl::StrCat("plan", random->Int(1, 2)));
  }
}

}  // namespace payfold_testing
