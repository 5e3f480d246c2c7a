// Page tokens: where a walk through a list is, bound to its query and to the
// positions it is computed at, so that all its pages agree.
//
// A token is opaque to clients. One that was changed, or that is of another
// query or another ledger, is refused.

#ifndef SERVICES_PAGE_TOKEN_H_
#define SERVICES_PAGE_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace payfold {

struct PageToken {
  uint64_t position = 0;
  uint64_t plans_position = 0;
  uint64_t offset = 0;  // How many items earlier pages gave.
};

// `query` is what must not change during a walk: the request without its page
// fields. `ledger_key` is what tells the ledger from all others (its verifier key).
std::string EncodePageToken(const PageToken& token, const google::protobuf::Message& query,
                            absl::string_view ledger_key);

// Errors: kInvalidArgument for anything but what EncodePageToken() gave for the
// same query and ledger.
absl::StatusOr<PageToken> DecodePageToken(absl::string_view text,
                                          const google::protobuf::Message& query,
                                          absl::string_view ledger_key);

}  // namespace payfold

#endif  // SERVICES_PAGE_TOKEN_H_
