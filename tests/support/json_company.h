// A small company written as one event a line, with a plan.

#ifndef TESTS_SUPPORT_JSON_COMPANY_H_
#define TESTS_SUPPORT_JSON_COMPANY_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tests/support/folded_company.h"

namespace payfold_testing {

// Folds the events (JSON, one a line) and the publication of the plan (YAML) after
// them. Errors: what is wrong with an event or the plan.
absl::Status FoldJson(absl::string_view events, absl::string_view plan, FoldedCompany* company);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_JSON_COMPANY_H_
