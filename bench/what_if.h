// The what-if that benches ask: other rates for everybody in the standard company.

#ifndef BENCH_WHAT_IF_H_
#define BENCH_WHAT_IF_H_

#include <utility>

#include "payfold/v1/event.pb.h"
#include "tools/workload/standard_company.h"

namespace payfold {

// A version of the company's plan that pays 6%, 7% and 11%, as the log would store it.
inline v1::Event OtherRates(const StandardCompany& company) {
  v1::Event event;
  event.set_event_id("other-rates");
  event.set_source("bench");
  event.set_stream("plans/standard");
  v1::Plan plan = company.Plan();
  const char* const rates[] = {"6%", "7%", "11%"};
  for (int i = 0; i < 3; ++i) {
    plan.mutable_components(0)->mutable_payout()->mutable_bands()->mutable_bands(i)->set_rate(
        rates[i]);
  }
  *event.mutable_plan_published()->mutable_plan() = std::move(plan);
  return event;
}

}  // namespace payfold

#endif  // BENCH_WHAT_IF_H_
