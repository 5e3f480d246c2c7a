#include "tools/attainment.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {
namespace {

std::string StepText(const v1::NextStep& step) {
  std::string what;
  switch (step.kind()) {
    case v1::NextStep::BAND:
      what = "next band";
      break;
    case v1::NextStep::CURVE_POINT:
      what = "next point";
      break;
    case v1::NextStep::MATRIX_ROW:
      what = absl::StrCat("row ", step.place() + 1);
      break;
    case v1::NextStep::MATRIX_COLUMN:
      what = absl::StrCat("column ", step.place() + 1);
      break;
    case v1::NextStep::GOAL:
      what = "goal";
      break;
    case v1::NextStep::MULTIPLIER_BAND:
      what = absl::StrCat("multiplier ", step.place());
      break;
    default:
      what = absl::StrCat("gate ", step.place());
      break;
  }
  absl::StrAppend(&what, " (", step.measure(), ") at ",
                  step.edge().empty() ? "an undefined target" : step.edge());
  if (step.missing().empty()) return absl::StrCat(what, ", now ", step.value());
  absl::string_view missing = step.missing();
  const bool less = absl::ConsumePrefix(&missing, "-");
  return absl::StrCat(what, ": ", missing, less ? " less" : " more");
}

// What comes next beside the next band, which has a column of its own.
std::string NextText(const v1::Attainment& attainment) {
  std::vector<std::string> steps;
  for (const v1::NextStep& step : attainment.next()) {
    if (step.kind() == v1::NextStep::BAND && !attainment.to_next_band().empty()) continue;
    steps.push_back(StepText(step));
  }
  return absl::StrJoin(steps, "; ");
}

}  // namespace

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
               {"to_next_band", Align::kRight},
               {"next"}});
  for (const v1::Attainment& row : response.attainments()) {
    table.Add({row.participant_id(), row.plan_id(), row.component_id(), row.measurement_period(),
               row.measure(), row.target(), row.attainment_percent(),
               row.band() == 0 ? "" : absl::StrCat(row.band()), row.to_next_band(), NextText(row)});
  }
  PrintRows(global.format, response, table,
            absl::StrCat("no component is measured over ", options.period),
            CoordinatesText(response.at()));
  return absl::OkStatus();
}

}  // namespace payfold
