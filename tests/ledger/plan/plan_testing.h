// What the tests of plans share: small plans, and results as text.

#ifndef TESTS_LEDGER_PLAN_PLAN_TESTING_H_
#define TESTS_LEDGER_PLAN_PLAN_TESTING_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "ledger/plan/bands.h"
#include "ledger/plan/compile.h"
#include "ledger/plan/program.h"
#include "payfold/v1/plan.pb.h"

namespace payfold_testing {

// A document with one component: deals over credited amounts against a target of
// 100, unless `component` says otherwise in lines like "payout: {rate: 5%}".
std::string PlanWith(absl::string_view component);

// The message of a document. REQUIRES: the document is readable.
payfold::v1::Plan PlanOf(absl::string_view document);

// The bands of a payout, as `{basis: ATTAINMENT, bands: [{rate: 5%}]}`.
// REQUIRES: they compile.
payfold::Bands BandsFrom(absl::string_view yaml);

// One line each: "error 3:5 components[0].payout: is required".
std::string Lines(const std::vector<payfold::PlanDiagnostic>& diagnostics);

// All that PayBands says, "1: 5% of 0 to 50 = 5/2" in short: "1:5/2|2:10".
std::string Amounts(const std::vector<payfold::BandPay>& pays);
payfold::Rational Total(const std::vector<payfold::BandPay>& pays);

// Every field of a program, so that two can be compared.
std::string Dump(const payfold::Program& program);

// The text of a file of this folder, "plans/deals.yaml", or of the folder of plans.
std::string ReadTestFile(const std::string& name);
std::string ReadPlanPage(const std::string& name);

}  // namespace payfold_testing

#endif  // TESTS_LEDGER_PLAN_PLAN_TESTING_H_
