#include "services/line_pages.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/queries.h"
#include "services/errors.h"
#include "services/page_token.h"
#include "services/query_view.h"

namespace payfold {
namespace {

// What must stay the same from page to page.
v1::ListLinesRequest QueryOf(const v1::ListLinesRequest& request) {
  v1::ListLinesRequest query = request;
  query.clear_page_size();
  query.clear_page_token();
  query.mutable_context()->clear_min_position();
  return query;
}

std::string KeyOf(const OpenLedger& open) { return open.ledger->log().verifier_key(); }

// The view of the first page, whichever this one is.
absl::StatusOr<QueryView> ViewOfWalk(Workspace* workspace, const v1::ListLinesRequest& request,
                                     const Call& call, uint64_t* offset) {
  if (request.page_token().empty()) {
    ASSIGN_OR_RETURN(QueryView view, ResolveView(workspace, request.context(), call));
    return view;
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open,
                   workspace->Get(request.context().ledger()));
  ASSIGN_OR_RETURN(const PageToken token,
                   DecodePageToken(request.page_token(), QueryOf(request), KeyOf(*open)));
  *offset = token.offset;
  QueryView view{.open = open, .facts = nullptr};
  ASSIGN_OR_RETURN(view.facts, open->payouts->ViewAsOf(token.position, token.plans_position));
  return view;
}

}  // namespace

absl::StatusOr<v1::ListLinesResponse> ListLinesPage(Workspace* workspace,
                                                    const v1::ListLinesRequest& request,
                                                    const Call& call) {
  if (request.page_size() < 0 || request.page_size() > kMaxLinesInPage) {
    return FieldError("page_size", kReasonPageSize,
                      absl::StrCat(request.page_size(), " is not between 1 and ", kMaxLinesInPage,
                                   "; leave it out for ", kMaxLinesInPage));
  }
  const int page_size = request.page_size() == 0 ? kMaxLinesInPage : request.page_size();
  uint64_t offset = 0;
  ASSIGN_OR_RETURN(const QueryView view, ViewOfWalk(workspace, request, call, &offset));
  ASSIGN_OR_RETURN(std::vector<v1::Line> lines,
                   ListLines(*view.facts, {.participant_id = request.participant_id(),
                                           .period = request.period(),
                                           .plan_id = request.plan_id(),
                                           .component_id = request.component_id(),
                                           .with_explanations = request.with_explanations()}));
  v1::ListLinesResponse response;
  *response.mutable_at() = view.at();
  size_t bytes = 0;
  while (offset < lines.size() && response.lines_size() < page_size && bytes < kMaxPageBytes) {
    bytes += lines[offset].ByteSizeLong();
    *response.add_lines() = std::move(lines[offset++]);
  }
  if (offset < lines.size()) {
    const PageToken next{.position = view.facts->position(),
                         .plans_position = view.facts->plans_position(),
                         .offset = offset};
    response.set_next_page_token(EncodePageToken(next, QueryOf(request), KeyOf(*view.open)));
  }
  return response;
}

}  // namespace payfold
