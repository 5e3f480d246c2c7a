// What a statement's answer says beside the statement itself: where its period stands,
// what was posted, what is known now, and what was asked about it.

#ifndef SERVICES_POSTED_STATEMENT_H_
#define SERVICES_POSTED_STATEMENT_H_

#include "absl/status/statusor.h"
#include "payfold/v1/payout_service.pb.h"
#include "services/query_view.h"

namespace payfold {

// All of the response. Errors: those of GetStatements(); kDataLoss.
absl::StatusOr<v1::GetStatementResponse> AnswerStatement(const QueryView& view,
                                                         const v1::GetStatementRequest& request);

}  // namespace payfold

#endif  // SERVICES_POSTED_STATEMENT_H_
