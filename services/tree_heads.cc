#include "services/tree_heads.h"

#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/tree_head.h"
#include "services/errors.h"
#include "services/page_token.h"

namespace payfold {
namespace {

constexpr int kMaxTreeHeadsInPage = 1'000;

v1::TreeHead MessageOf(const TreeHead& head, const EventLog& log) {
  v1::TreeHead message;
  message.set_note(head.note);
  message.set_size(head.size);
  message.set_root(std::string(AsBytes(head.root)));
  message.set_verifier_key(log.verifier_key());
  return message;
}

}  // namespace

absl::StatusOr<v1::TreeHead> FindTreeHead(EventLog* log, uint64_t size) {
  if (size == 0 || size == log->head()) {
    ASSIGN_OR_RETURN(const TreeHead head, log->SignTreeHead());
    // The log may have grown meanwhile.
    if (size == 0 || head.size == size) return MessageOf(head, *log);
  }
  ASSIGN_OR_RETURN(const std::vector<TreeHead> kept, log->ListTreeHeads(size, size, 1));
  if (!kept.empty()) return MessageOf(kept[0], *log);
  return absl::NotFoundError(absl::StrCat("no tree head of size ", size,
                                          " was signed; the log ends at position ", log->head(),
                                          ". Ask for that, or for one of those that are listed"));
}

// The token of a page says the size of the last tree head of the one before.
absl::StatusOr<v1::ListTreeHeadsResponse> PageOfTreeHeads(const EventLog& log,
                                                          const v1::ListTreeHeadsRequest& request) {
  if (request.page_size() < 0 || request.page_size() > kMaxTreeHeadsInPage) {
    return FieldError(
        "page_size", kReasonPageSize,
        absl::StrCat(request.page_size(), " is not between 1 and ", kMaxTreeHeadsInPage,
                     "; leave it out for ", kMaxTreeHeadsInPage));
  }
  v1::ListTreeHeadsRequest query = request;
  query.clear_page_size();
  query.clear_page_token();
  PageToken after;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(after, DecodePageToken(request.page_token(), query, log.verifier_key()));
  }
  const auto limit =
      static_cast<size_t>(request.page_size() == 0 ? kMaxTreeHeadsInPage : request.page_size());
  constexpr uint64_t kAnySize = std::numeric_limits<uint64_t>::max();
  ASSIGN_OR_RETURN(const std::vector<TreeHead> heads,
                   log.ListTreeHeads(after.position + 1, kAnySize, limit + 1));
  v1::ListTreeHeadsResponse response;
  for (size_t i = 0; i < heads.size() && i < limit; ++i) {
    *response.add_tree_heads() = MessageOf(heads[i], log);
  }
  if (heads.size() > limit) {
    response.set_next_page_token(
        EncodePageToken({.position = heads[limit - 1].size}, query, log.verifier_key()));
  }
  return response;
}

}  // namespace payfold
