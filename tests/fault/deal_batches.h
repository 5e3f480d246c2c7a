// Batches of events that the fold can read: those of the standard company, drawn in
// an order of no sense, with voids of earlier ones, so that every part of the
// projection changes all the time.

#ifndef TESTS_FAULT_DEAL_BATCHES_H_
#define TESTS_FAULT_DEAL_BATCHES_H_

#include <cstdint>
#include <vector>

#include "ledger/log/event.h"

namespace payfold_testing {

// A BatchMaker (crash_harness.h).
std::vector<payfold::NewEvent> DealBatch(uint64_t number);

}  // namespace payfold_testing

#endif  // TESTS_FAULT_DEAL_BATCHES_H_
