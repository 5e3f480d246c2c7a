// The answer to GetStatement: what the fold says of it, with what is sealed in the log
// (a name, the text of disputes) in clear text while its key exists.

#ifndef SERVICES_POSTED_STATEMENT_H_
#define SERVICES_POSTED_STATEMENT_H_

#include "absl/status/statusor.h"
#include "payfold/v1/payout_service.pb.h"
#include "services/query_view.h"

namespace payfold {

// All of the response. Errors: those of GetStatementAnswer(); kDataLoss.
absl::StatusOr<v1::GetStatementResponse> AnswerStatement(const QueryView& view,
                                                         const v1::GetStatementRequest& request);

}  // namespace payfold

#endif  // SERVICES_POSTED_STATEMENT_H_
