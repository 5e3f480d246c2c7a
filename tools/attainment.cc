#include "tools/attainment.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {

absl::Status ShowAttainment(const GlobalOptions& global, const AttainmentOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ListAttainmentsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_participant_id(options.participant);
  request.set_period(options.period);
  ASSIGN_OR_RETURN(const v1::ListAttainmentsResponse response,
                   session->ListAll(session->payouts(), &v1::PayoutService::Stub::ListAttainments,
                                    request, &v1::ListAttainmentsResponse::mutable_attainments));
  Table table({{"participant"},
               {"plan"},
               {"component"},
               {"period"},
               {"measure", Align::kRight},
               {"target", Align::kRight},
               {"attainment", Align::kRight},
               {"band", Align::kRight},
               {"to_next_band", Align::kRight}});
  for (const v1::Attainment& row : response.attainments()) {
    table.Add({row.participant_id(), row.plan_id(), row.component_id(), row.measurement_period(),
               row.measure(), row.target(), row.attainment_percent(),
               row.band() == 0 ? "" : absl::StrCat(row.band()), row.to_next_band()});
  }
  PrintRows(global.format, response, table,
            absl::StrCat("no component is measured over ", options.period),
            CoordinatesText(response.at()));
  return absl::OkStatus();
}

}  // namespace payfold
