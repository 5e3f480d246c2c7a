#include "tests/support/json_company.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/admission/event_json.h"
#include "ledger/base/status_macros.h"
#include "ledger/plan/document.h"
#include "tests/support/random_company.h"

namespace payfold_testing {

absl::Status FoldJson(absl::string_view events, absl::string_view plan, FoldedCompany* company) {
  std::vector<payfold::v1::Event> all;
  for (absl::string_view line : absl::StrSplit(events, '\n', absl::SkipEmpty())) {
    ASSIGN_OR_RETURN(payfold::v1::Event event, payfold::EventFromJson(line));
    all.push_back(std::move(event));
  }
  payfold::v1::Event published;
  const payfold::CompiledPlan compiled =
      payfold::CompilePlanDocument(plan, published.mutable_plan_published()->mutable_plan());
  if (!compiled.program.has_value()) {
    return absl::InvalidArgumentError(payfold::ErrorText(compiled.diagnostics));
  }
  all.push_back(std::move(published));
  for (size_t i = 0; i < all.size(); ++i) all[i].set_event_id(absl::StrCat("e", i + 1));
  WriteEnvelopes(&all);
  return company->AddAll(all);
}

}  // namespace payfold_testing
