// Tree heads as messages.

#ifndef SERVICES_TREE_HEADS_H_
#define SERVICES_TREE_HEADS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "payfold/v1/proof_service.pb.h"

namespace payfold {

// The tree head of the first `size` events: kept, or signed now if that is the
// whole log; 0 is the whole log. Errors: kNotFound if none was signed.
absl::StatusOr<v1::TreeHead> FindTreeHead(EventLog* log, uint64_t size);

// A page of the kept ones. Errors: kInvalidArgument for a bad page size or token.
absl::StatusOr<v1::ListTreeHeadsResponse> PageOfTreeHeads(const EventLog& log,
                                                          const v1::ListTreeHeadsRequest& request);

}  // namespace payfold

#endif  // SERVICES_TREE_HEADS_H_
