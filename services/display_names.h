// Names of people for answers that show them: sealed in the log, clear while
// their keys exist.

#ifndef SERVICES_DISPLAY_NAMES_H_
#define SERVICES_DISPLAY_NAMES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/query_view.h"

namespace payfold {

// The name in the participant's last state by effective date that the view
// knows; empty if there is none or it was erased.
// Errors: kDataLoss if the log is damaged.
absl::StatusOr<std::string> DisplayName(const QueryView& view, absl::string_view participant_id);

}  // namespace payfold

#endif  // SERVICES_DISPLAY_NAMES_H_
