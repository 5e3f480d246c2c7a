// What the plan language has but this release does not calculate. Internal to
// this folder.

#ifndef LEDGER_PLAN_UNSUPPORTED_H_
#define LEDGER_PLAN_UNSUPPORTED_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "ledger/plan/findings.h"
#include "payfold/v1/plan.pb.h"

namespace payfold {

// An error "not supported yet: …" at every field and enum value of the plan that
// is in the table, and an error at every field or enum value that this release
// does not know at all.
void ReportUnsupported(const v1::Plan& plan, Findings* findings);

// What to call `name` (a field, an enum value or a combination) if it is not
// supported yet, else empty. The names are those of the table in the source.
absl::string_view UnsupportedWhat(absl::string_view name);

// All names of the table.
std::vector<absl::string_view> UnsupportedNames();

}  // namespace payfold

#endif  // LEDGER_PLAN_UNSUPPORTED_H_
