// Facts of every kind that the fold keeps beside those of a random company.

#ifndef TESTS_PROJECTIONS_RUNTIME_MORE_FACTS_H_
#define TESTS_PROJECTIONS_RUNTIME_MORE_FACTS_H_

#include <cstdint>
#include <vector>

#include "payfold/v1/event.pb.h"

namespace payfold_testing {

// The company's events with metrics (of the company too), goals, openings,
// invoices, payments and pipeline entries among them, a third of them voided,
// some before they are stated. The order of the company's own events stays.
std::vector<payfold::v1::Event> WithMoreFacts(uint64_t seed,
                                              std::vector<payfold::v1::Event> company);

}  // namespace payfold_testing

#endif  // TESTS_PROJECTIONS_RUNTIME_MORE_FACTS_H_
