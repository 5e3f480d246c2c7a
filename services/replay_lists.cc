#include "services/replay_lists.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "projections/replay/compare.h"
#include "projections/replay/explain_difference.h"
#include "projections/replay/fork.h"
#include "projections/replay/runner.h"
#include "projections/runtime/live_fold.h"
#include "services/errors.h"
#include "services/list_pages.h"
#include "services/page_token.h"
#include "services/replays.h"

namespace payfold {
namespace {

constexpr int kMaxItemsWithLines = 100;

// Fills `field` of the response and its token with the page that the request asks for.
template <typename Request, typename Response, typename Item>
absl::Status FillFrom(const OpenLedger& open, const Request& request, int most,
                      std::vector<Item> items,
                      google::protobuf::RepeatedPtrField<Item>* (Response::*field)(),
                      Response* response) {
  if (request.page_size() < 0 || request.page_size() > most) {
    return FieldError("page_size", kReasonPageSize,
                      absl::StrCat(request.page_size(), " is not between 1 and ", most,
                                   "; leave it out for ", most));
  }
  Request query = request;
  query.clear_page_size();
  query.clear_page_token();
  const std::string key = open.ledger->log().verifier_key();
  PageToken token;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(token, DecodePageToken(request.page_token(), query, key));
  }
  const size_t page = static_cast<size_t>(request.page_size() == 0 ? most : request.page_size());
  size_t bytes = 0;
  size_t next = token.offset;
  for (size_t i = 0; i < page && next < items.size() && bytes < kMaxPageBytes; ++i, ++next) {
    bytes += items[next].ByteSizeLong();
    *(response->*field)()->Add() = std::move(items[next]);
  }
  token.offset = next;
  if (next < items.size()) response->set_next_page_token(EncodePageToken(token, query, key));
  return absl::OkStatus();
}

// Computed again for each row of the page.
absl::Status AddLines(const OpenLedger& open, const v1::Replay& replay,
                      google::protobuf::RepeatedPtrField<v1::Difference>* rows) {
  ASSIGN_OR_RETURN(std::vector<v1::Event> drafts, open.replays->store().Events(replay.replay_id()));
  ASSIGN_OR_RETURN(const std::shared_ptr<const FactsView> base,
                   open.payouts->ViewAsOf(replay.position(), replay.position()));
  ASSIGN_OR_RETURN(const Fork fork,
                   Fork::Make(base, std::move(drafts), FindPositionIn(&open.ledger->log())));
  for (v1::Difference& row : *rows) {
    ASSIGN_OR_RETURN(std::vector<v1::LineDifference> lines, ExplainDifference(fork, row));
    for (v1::LineDifference& line : lines) *row.add_lines() = std::move(line);
  }
  return absl::OkStatus();
}

absl::Status CheckComparable(const v1::Replay& a, const v1::Replay& b) {
  const auto differ = [&](absl::string_view what) {
    return WithReason(
        absl::FailedPreconditionError(absl::StrCat(
            "replays ", Quote(a.replay_id()), " and ", Quote(b.replay_id()), " have different ",
            what, ": start one again on position ", a.position(), " with the same scope")),
        kReasonReplaysNotComparable);
  };
  if (a.position() != b.position()) {
    return differ(absl::StrCat("positions, ", a.position(), " and ", b.position()));
  }
  if (!google::protobuf::util::MessageDifferencer::Equals(a.scope(), b.scope())) {
    return differ("scopes");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ListReplaysResponse> PageOfReplays(Workspace* workspace,
                                                      const v1::ListReplaysRequest& request) {
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace->Get(request.ledger()));
  ASSIGN_OR_RETURN(std::vector<v1::Replay> replays, AllReplays(*open));
  v1::ListReplaysResponse response;
  RETURN_IF_ERROR(FillFrom(*open, request, kMaxItemsInPage, std::move(replays),
                           &v1::ListReplaysResponse::mutable_replays, &response));
  return response;
}

absl::StatusOr<v1::ListDifferencesResponse> PageOfDifferences(
    Workspace* workspace, const v1::ListDifferencesRequest& request) {
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace->Get(request.ledger()));
  ASSIGN_OR_RETURN(const v1::Replay replay, FindReplayWithResult(*open, request.replay_id()));
  ASSIGN_OR_RETURN(std::vector<v1::Difference> rows,
                   open->replays->store().ReadDifferences(replay.replay_id()));
  Filter(request.filter(), &rows);
  Order(request.order(), &rows);
  v1::ListDifferencesResponse response;
  RETURN_IF_ERROR(
      FillFrom(*open, request, request.with_lines() ? kMaxItemsWithLines : kMaxItemsInPage,
               std::move(rows), &v1::ListDifferencesResponse::mutable_differences, &response));
  if (request.with_lines()) {
    RETURN_IF_ERROR(AddLines(*open, replay, response.mutable_differences()));
  }
  return response;
}

absl::StatusOr<v1::ListTrueUpsResponse> PageOfTrueUps(Workspace* workspace,
                                                      const v1::ListTrueUpsRequest& request) {
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace->Get(request.ledger()));
  ASSIGN_OR_RETURN(const v1::Replay replay, FindReplayWithResult(*open, request.replay_id()));
  ASSIGN_OR_RETURN(std::vector<v1::TrueUp> rows,
                   open->replays->store().ReadTrueUps(replay.replay_id()));
  std::erase_if(rows, [&](const v1::TrueUp& row) {
    return !request.participant_id().empty() && request.participant_id() != row.participant_id();
  });
  v1::ListTrueUpsResponse response;
  RETURN_IF_ERROR(FillFrom(*open, request, kMaxItemsInPage, std::move(rows),
                           &v1::ListTrueUpsResponse::mutable_true_ups, &response));
  return response;
}

absl::StatusOr<v1::CompareReplaysResponse> PageOfComparison(
    Workspace* workspace, const v1::CompareReplaysRequest& request) {
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace->Get(request.ledger()));
  ASSIGN_OR_RETURN(const v1::Replay a, FindReplayWithResult(*open, request.a()));
  ASSIGN_OR_RETURN(const v1::Replay b, FindReplayWithResult(*open, request.b()));
  RETURN_IF_ERROR(CheckComparable(a, b));
  ASSIGN_OR_RETURN(const std::vector<v1::Difference> rows_of_a,
                   open->replays->store().ReadDifferences(a.replay_id()));
  ASSIGN_OR_RETURN(const std::vector<v1::Difference> rows_of_b,
                   open->replays->store().ReadDifferences(b.replay_id()));
  ASSIGN_OR_RETURN(std::vector<v1::Difference> rows, CompareRows(rows_of_a, rows_of_b));
  Filter(request.filter(), &rows);
  v1::CompareReplaysResponse response;
  if (request.page_token().empty()) {
    ASSIGN_OR_RETURN(const std::vector<v1::ReplayTotal> totals,
                     TotalsOf(rows, std::max(a.participants_total(), b.participants_total())));
    response.mutable_totals()->Assign(totals.begin(), totals.end());
    response.set_position(a.position());
  }
  Order(request.order(), &rows);
  RETURN_IF_ERROR(FillFrom(*open, request, kMaxItemsInPage, std::move(rows),
                           &v1::CompareReplaysResponse::mutable_differences, &response));
  return response;
}

}  // namespace payfold
