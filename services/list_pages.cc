#include "services/list_pages.h"

#include "absl/strings/str_cat.h"
#include "services/errors.h"
#include "services/page_token.h"

namespace payfold {
namespace {

std::string KeyOf(const OpenLedger& open) { return open.ledger->log().verifier_key(); }

}  // namespace

absl::StatusOr<int> CheckPageSize(int page_size) {
  if (page_size < 0 || page_size > kMaxItemsInPage) {
    return FieldError("page_size", kReasonPageSize,
                      absl::StrCat(page_size, " is not between 1 and ", kMaxItemsInPage,
                                   "; leave it out for ", kMaxItemsInPage));
  }
  return page_size > 0 ? page_size : kMaxItemsInPage;
}

absl::StatusOr<ListWalk> ResumeWalk(Workspace* workspace, const v1::QueryContext& context,
                                    int page_size, absl::string_view page_token,
                                    const google::protobuf::Message& query, const Call& call) {
  ListWalk walk;
  ASSIGN_OR_RETURN(walk.page_size, CheckPageSize(page_size));
  if (page_token.empty()) {
    ASSIGN_OR_RETURN(walk.view, ResolveView(workspace, context, call));
    return walk;
  }
  ASSIGN_OR_RETURN(walk.view.open, workspace->Get(context.ledger()));
  ASSIGN_OR_RETURN(const PageToken token,
                   DecodePageToken(page_token, query, KeyOf(*walk.view.open)));
  walk.offset = token.offset;
  ASSIGN_OR_RETURN(walk.view.facts,
                   walk.view.open->payouts->ViewAsOf(token.position, token.plans_position));
  return walk;
}

std::string NextPageToken(const ListWalk& walk, uint64_t offset,
                          const google::protobuf::Message& query) {
  const PageToken next{.position = walk.view.facts->position(),
                       .plans_position = walk.view.facts->plans_position(),
                       .offset = offset};
  return EncodePageToken(next, query, KeyOf(*walk.view.open));
}

}  // namespace payfold
