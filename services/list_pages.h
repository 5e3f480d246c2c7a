// Lists that answer queries, a page at a time: all pages of a walk are computed at
// the positions of its first.

#ifndef SERVICES_LIST_PAGES_H_
#define SERVICES_LIST_PAGES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "ledger/base/status_macros.h"
#include "payfold/v1/query.pb.h"
#include "services/call.h"
#include "services/query_view.h"
#include "services/workspace.h"

namespace payfold {

inline constexpr int kMaxItemsInPage = 1'000;
// A page ends early with the item that reaches this size.
inline constexpr size_t kMaxPageBytes = size_t{4} << 20;

// Where a walk is: the view of its first page, and how many items came before.
struct ListWalk {
  QueryView view;
  uint64_t offset = 0;
  int page_size = kMaxItemsInPage;
};

// How many items a page has that is to have `page_size`.
// Errors: kInvalidArgument for a size that is none.
absl::StatusOr<int> CheckPageSize(int page_size);

// `query` is the request without its page fields and min_position.
// Errors: kInvalidArgument for a page size or token that is none; those of
// ResolveView().
absl::StatusOr<ListWalk> ResumeWalk(Workspace* workspace, const v1::QueryContext& context,
                                    int page_size, absl::string_view page_token,
                                    const google::protobuf::Message& query, const Call& call);

// The token of the page that begins `offset` items into the list.
std::string NextPageToken(const ListWalk& walk, uint64_t offset,
                          const google::protobuf::Message& query);

// Fills `field` of the response, `at` and `next_page_token` with one page of what
// `list` gives for the view. Errors: those of ResumeWalk() and of `list`.
template <typename Request, typename Response, typename Item, typename List>
absl::Status FillPage(Workspace* workspace, const Request& request, const Call& call,
                      const List& list,
                      google::protobuf::RepeatedPtrField<Item>* (Response::*field)(),
                      Response* response) {
  Request query = request;
  query.clear_page_size();
  query.clear_page_token();
  query.mutable_context()->clear_min_position();
  ASSIGN_OR_RETURN(ListWalk walk, ResumeWalk(workspace, request.context(), request.page_size(),
                                             request.page_token(), query, call));
  ASSIGN_OR_RETURN(std::vector<Item> items, list(*walk.view.facts));
  size_t bytes = 0;
  uint64_t next = walk.offset;
  for (int i = 0; i < walk.page_size && next < items.size() && bytes < kMaxPageBytes; ++i) {
    bytes += items[next].ByteSizeLong();
    *(response->*field)()->Add() = std::move(items[next++]);
  }
  *response->mutable_at() = walk.view.at();
  if (next < items.size()) response->set_next_page_token(NextPageToken(walk, next, query));
  return absl::OkStatus();
}

}  // namespace payfold

#endif  // SERVICES_LIST_PAGES_H_
