// A company whose payout periods are closed in memory, for tests: posting takes the
// statements that ComputeClose() gives as events.

#ifndef TESTS_PROJECTIONS_STATEMENTS_CLOSING_COMPANY_H_
#define TESTS_PROJECTIONS_STATEMENTS_CLOSING_COMPANY_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ledger/admission/event_json.h"
#include "projections/queries.h"
#include "projections/statements/lookup.h"
#include "projections/statements/periods.h"
#include "projections/statements/settlement.h"
#include "tests/support/folded_company.h"
#include "tests/support/random_company.h"

namespace payfold_testing {

class ClosingCompany {
 public:
  explicit ClosingCompany(std::vector<payfold::v1::Event> events = {})
      : events_(std::move(events)) {}

  // A payload as JSON.
  ClosingCompany& Say(const std::string& payload) {
    absl::StatusOr<payfold::v1::Event> event =
        payfold::EventFromJson(absl::StrCat("{", payload, "}"));
    EXPECT_TRUE(event.ok()) << payload << ": " << event.status();
    return Add(*std::move(event));
  }
  ClosingCompany& Add(payfold::v1::Event event) {
    if (event.event_id().empty()) event.set_event_id(absl::StrCat("late", events_.size()));
    events_.push_back(std::move(event));
    company_ = nullptr;
    return *this;
  }
  // Of everything so far, folded at once.
  payfold::FactsView View() {
    if (company_ == nullptr) company_ = Folded(events_);
    return company_->View();
  }
  // What an earlier prefix says; good until the next.
  payfold::FactsView ViewAt(uint64_t position) {
    past_ = Folded({events_.begin(), events_.begin() + static_cast<int64_t>(position)});
    return past_->View();
  }

  payfold::ComputedClose Preview(const std::string& period, int workers = 1) {
    auto close = payfold::ComputeClose(View(), period, workers);
    EXPECT_TRUE(close.ok()) << close.status();
    return *std::move(close);
  }
  payfold::ComputedClose Close(const std::string& period) {
    payfold::ComputedClose close = Preview(period);
    for (const payfold::v1::Statement& statement : close.statements) {
      payfold::v1::Event event;
      *event.mutable_statement_posted()->mutable_statement() = statement;
      Add(std::move(event));
    }
    payfold::v1::Event event;
    event.set_actor("finance");
    *event.mutable_period_closed() = close.closed;
    Add(std::move(event));
    return close;
  }

  std::vector<payfold::v1::Statement> Statements(const std::string& person,
                                                 const std::string& period) {
    auto statements = payfold::GetStatements(View(), person, period, false);
    EXPECT_TRUE(statements.ok()) << statements.status();
    return *std::move(statements);
  }
  std::vector<payfold::v1::Statement> PostedOf(const std::string& person,
                                               const std::string& period) {
    auto statements = payfold::PostedStatements(View(), person, period);
    EXPECT_TRUE(statements.ok()) << statements.status();
    return *std::move(statements);
  }
  const std::vector<payfold::v1::Event>& events() const { return events_; }

 private:
  std::unique_ptr<FoldedCompany> Folded(std::vector<payfold::v1::Event> events) {
    WriteEnvelopes(&events);
    auto company = std::make_unique<FoldedCompany>();
    const absl::Status added = company->AddAll(events);
    EXPECT_TRUE(added.ok()) << added;
    return company;
  }

  std::vector<payfold::v1::Event> events_;
  std::unique_ptr<FoldedCompany> company_, past_;
};

// By (participant, currency).
using MoneyByPerson = std::map<std::pair<std::string, std::string>, int64_t>;

// What the fold says of all payout periods up to one: payable before anything carried,
// with adjustments and openings.
inline MoneyByPerson FoldedMoney(const payfold::FactsView& view, const payfold::Period& upto) {
  MoneyByPerson money;
  payfold::Evaluator evaluator(view);
  const payfold::Reference& reference = view.reference();
  const payfold::StatedMoney stated(reference, payfold::kNobody);
  for (uint32_t person = 0; person < reference.org->size(); ++person) {
    auto settlement = payfold::Settlement::Make(&evaluator, person, stated);
    EXPECT_TRUE(settlement.ok()) << settlement.status();
    if (!settlement->first_day().has_value()) continue;
    for (const payfold::Period& period :
         payfold::PayoutPeriodsIn(reference, *settlement->first_day(), upto.last())) {
      const auto settled = settlement->Settle(period);
      EXPECT_TRUE(settled.ok()) << settled.status();
      for (const auto& [currency, of_currency] : *settled) {
        int64_t& sum = money[{reference.org->Id(person), currency}];
        for (const payfold::PlanSettlement& plan : of_currency.plans) sum += plan.payable;
        for (const payfold::Opening* opening : of_currency.openings) sum += opening->amount;
        sum += of_currency.adjusted;
      }
    }
  }
  std::erase_if(money, [](const auto& entry) { return entry.second == 0; });
  return money;
}

}  // namespace payfold_testing

#endif  // TESTS_PROJECTIONS_STATEMENTS_CLOSING_COMPANY_H_
