#include "tools/explain.h"

#include <memory>

#include "absl/status/statusor.h"
#include "ledger/base/status_macros.h"
#include "tools/explanation_text.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {

absl::Status ShowLineExplanation(const GlobalOptions& global, const ExplainLineOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ExplainLineRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_line_id(options.line);
  ASSIGN_OR_RETURN(
      const v1::ExplainLineResponse response,
      session->Call(session->payouts(), &v1::PayoutService::Stub::ExplainLine, request));
  Print(global.format == OutputFormat::kJson ? JsonText(response) : LineExplanationText(response));
  return absl::OkStatus();
}

absl::Status ShowDealExplanation(const GlobalOptions& global, const ExplainDealOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ExplainDealRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_deal_id(options.deal);
  request.set_participant_id(options.participant);
  ASSIGN_OR_RETURN(
      const v1::ExplainDealResponse response,
      session->Call(session->payouts(), &v1::PayoutService::Stub::ExplainDeal, request));
  Print(global.format == OutputFormat::kJson
            ? JsonText(response)
            : DealExplanationText(options.deal, options.participant, response));
  return absl::OkStatus();
}

}  // namespace payfold
