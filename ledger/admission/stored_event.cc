#include "ledger/admission/stored_event.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/status_macros.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

absl::Status CheckStoredEvent(const EventView& event,
                              absl::Span<const absl::string_view> participants) {
  ASSIGN_OR_RETURN(const v1::Event decoded, DecodeEvent(event.bytes));
  // A newer release knows it.
  if (KindName(event.kind).empty() && KindOf(decoded) == 0) return absl::OkStatus();
  if (KindOf(decoded) != event.kind) {
    return absl::DataLossError(absl::StrCat("beside it stands the kind ", event.kind,
                                            ", but it is a ", KindName(decoded)));
  }
  const std::vector<std::string> named = ParticipantsOf(decoded);
  if (std::equal(named.begin(), named.end(), participants.begin(), participants.end())) {
    return absl::OkStatus();
  }
  return absl::DataLossError("beside it stand other participants than it names");
}

}  // namespace payfold
