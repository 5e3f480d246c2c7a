// What a later release wrote into a plan. Internal to this folder.

#ifndef LEDGER_PLAN_UNKNOWN_H_
#define LEDGER_PLAN_UNKNOWN_H_

#include "ledger/plan/findings.h"
#include "payfold/v1/plan.pb.h"

namespace payfold {

// An error at every field number and enum value that this release does not know:
// to pass over one would be to pay by another plan.
void ReportUnknown(const v1::Plan& plan, Findings* findings);

}  // namespace payfold

#endif  // LEDGER_PLAN_UNKNOWN_H_
