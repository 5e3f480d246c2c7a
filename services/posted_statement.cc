#include "services/posted_statement.h"

#include <cstdint>

#include "ledger/base/status_macros.h"
#include "projections/statements/periods.h"
#include "services/display_names.h"

namespace payfold {
namespace {

absl::StatusOr<v1::Event> ReadClear(const Ledger& ledger, uint64_t position) {
  EventStorage storage;
  ASSIGN_OR_RETURN(const EventView stored, ledger.log().Get(position, &storage));
  ASSIGN_OR_RETURN(v1::Event event, ledger.Decode(stored));
  RETURN_IF_ERROR(ledger.Unseal(&event));
  return event;
}

absl::Status AddWords(const Ledger& ledger, v1::Dispute* dispute) {
  ASSIGN_OR_RETURN(const v1::Event opened, ReadClear(ledger, dispute->opened_position()));
  dispute->set_text(opened.dispute_opened().text());
  if (dispute->resolved_position() == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::Event resolved, ReadClear(ledger, dispute->resolved_position()));
  dispute->set_outcome(resolved.dispute_resolved().outcome());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::GetStatementResponse> AnswerStatement(const QueryView& view,
                                                         const v1::GetStatementRequest& request) {
  ASSIGN_OR_RETURN(v1::GetStatementResponse response,
                   GetStatementAnswer(*view.facts, request.participant_id(), request.period(),
                                      request.with_explanations()));
  ASSIGN_OR_RETURN(*response.mutable_display_name(), DisplayName(view, request.participant_id()));
  *response.mutable_at() = view.at();
  for (v1::Dispute& dispute : *response.mutable_disputes()) {
    RETURN_IF_ERROR(AddWords(*view.open->ledger, &dispute));
  }
  return response;
}

}  // namespace payfold
