// Settlement against its judge, over random companies.

#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "projections/statements/lookup.h"
#include "projections/statements/settlement.h"
#include "tests/support/folded_company.h"
#include "tests/support/naive_settlement.h"
#include "tests/support/random_cases.h"
#include "tests/support/random_company.h"

namespace payfold_testing {
namespace {

using Events = std::vector<payfold::v1::Event>;
using Rows = std::map<std::string, std::string>;
using Amounts = std::vector<std::pair<const char*, int64_t>>;

// What is not 0 of a row; none that tells nothing but what is still owed.
void Put(const std::string& key, const Amounts& amounts, Rows* rows) {
  std::string text;
  for (const auto& [name, amount] : amounts) {
    if (amount != 0) absl::StrAppend(&text, " ", name, " ", amount);
  }
  if (!text.empty() && !absl::StartsWith(text, " balance")) (*rows)[key] = text;
}

std::string ToText(const Rows& rows) {
  std::string text;
  for (const auto& [key, amounts] : rows) absl::StrAppend(&text, key, amounts, "\n");
  return text;
}

void PutPeriod(const std::string& participant, const std::string& period,
               const payfold::PeriodSettlement& settled, Rows* rows) {
  for (const auto& [currency, money] : settled) {
    int64_t opened = 0;
    for (const payfold::PlanSettlement& plan : money.plans) {
      if (plan.plan_id.empty()) {
        opened += plan.released;
        continue;
      }
      Put(absl::StrCat(participant, "/", plan.plan_id, " ", period),
          {{"earned", plan.earned},
           {"top_up", plan.draw.top_up},
           {"recovery", plan.draw.recovery},
           {"held", plan.held},
           {"released", plan.released},
           {"payable", plan.payable},
           {"balance", plan.draw.balance}},
          rows);
    }
    Put(absl::StrCat(participant, " ", currency, " ", period),
        {{"adjustments", money.adjusted},
         {"released", opened},
         {"carried_in", money.carried_in},
         {"payable", money.payable},
         {"carried_out", money.carried_out}},
        rows);
  }
}

std::string Engine(const Events& events, const RandomCompanyOptions& options) {
  FoldedCompany company;
  const absl::Status added = company.AddAll(events);
  if (!added.ok()) return added.ToString();
  const payfold::FactsView view = company.View();
  const payfold::Reference& reference = view.reference();
  payfold::Evaluator evaluator(view);
  const payfold::StatedMoney stated(reference, payfold::kNobody);
  Rows rows;
  for (uint32_t person = 0; person < reference.org->size(); ++person) {
    auto settlement = payfold::Settlement::Make(&evaluator, person, stated);
    if (!settlement.ok()) return settlement.status().ToString();
    if (!settlement->first_day().has_value()) continue;
    for (const payfold::Period& payout :
         payfold::PayoutPeriodsIn(reference, *settlement->first_day(), Horizon(options))) {
      const auto settled = settlement->Settle(payout);
      if (!settled.ok()) return settled.status().ToString();
      PutPeriod(reference.org->Id(person), reference.calendar().Label(payout), *settled, &rows);
    }
  }
  return ToText(rows);
}

std::string Judge(const Events& events, const RandomCompanyOptions& options) {
  const NaiveSettlement settled = NaiveSettle(events, Horizon(options));
  Rows rows;
  for (const NaivePlanPeriod& plan : settled.plans) {
    Put(absl::StrCat(plan.participant_id, "/", plan.plan_id, " ", plan.payout_period),
        {{"earned", plan.earned},
         {"top_up", plan.top_up},
         {"recovery", plan.recovery},
         {"held", plan.held},
         {"released", plan.released},
         {"payable", plan.payable},
         {"balance", plan.balance}},
        &rows);
  }
  for (const NaiveStatement& of : settled.statements) {
    Put(absl::StrCat(of.participant_id, " ", of.currency, " ", of.payout_period),
        {{"adjustments", of.adjustments},
         {"released", of.released},
         {"carried_in", of.carried_in},
         {"payable", of.payable},
         {"carried_out", of.carried_out}},
        &rows);
  }
  return ToText(rows);
}

// A log that shrinking has made one that no ledger would hold differs in nothing.
bool Differ(const Events& events, const RandomCompanyOptions& options) {
  const std::string settled = Engine(events, options);
  return !absl::StartsWith(settled, "DATA_LOSS") && settled != Judge(events, options);
}

class RandomSettlementTest : public testing::TestWithParam<RandomFeatures> {};

TEST_P(RandomSettlementTest, EngineAndJudgeAgreeToTheMinorUnit) {
  RandomCompanyOptions options;
  options.features = GetParam();
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + RandomCases(100); ++seed) {
    const Events events = RandomCompany(seed, options);
    if (!Differ(events, options)) continue;
    const Events small = Shrink(events, [&](const Events& some) { return Differ(some, options); });
    ADD_FAILURE() << "seed " << seed << ", shrunk to:\n"
                  << ToJsonLines(small) << "engine:\n"
                  << Engine(small, options) << "judge:\n"
                  << Judge(small, options);
    return;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Features, RandomSettlementTest,
    testing::Values(RandomFeatures{.draws = true}, RandomFeatures{.schedules = true},
                    RandomFeatures{.clawback = true, .draws = true, .schedules = true},
                    RandomFeatures{
                        .triggers = true, .proration = true, .draws = true, .schedules = true},
                    RandomFeatures::All()));

}  // namespace
}  // namespace payfold_testing
