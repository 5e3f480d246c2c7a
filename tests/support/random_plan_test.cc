// The plans of random companies against the compiler.

#include "tests/support/random_plan.h"

#include <cstdint>

#include "gtest/gtest.h"
#include "ledger/plan/compile.h"
#include "tests/support/random_company.h"

namespace payfold_testing {
namespace {

namespace v1 = ::payfold::v1;

void ExpectAllCompile(const RandomCompanyOptions& options, uint64_t seeds) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    for (const v1::Event& event : RandomCompany(seed, options)) {
      if (!event.has_plan_published()) continue;
      const payfold::CompiledPlan compiled = payfold::CompilePlan(event.plan_published().plan());
      EXPECT_TRUE(compiled.program.has_value())
          << "seed " << seed << ": " << payfold::ErrorText(compiled.diagnostics)
          << event.plan_published().plan().DebugString();
    }
  }
}

TEST(RandomPlanTest, EveryPlanCompiles) { ExpectAllCompile({}, 200); }

TEST(RandomPlanTest, EveryPlanCompilesWithEveryFeature) {
  RandomCompanyOptions options;
  options.features = RandomFeatures::All();
  ExpectAllCompile(options, 400);
}

}  // namespace
}  // namespace payfold_testing
