// The digest of a projection's content: SHA-256 over its entries in order of key,
// lengths before keys and values. Content alone decides it, not how it came
// about or where it is kept; the checkpoint does not count.
//
// Source: specification, ledger (Proof).

#ifndef PROJECTIONS_RUNTIME_DIGEST_H_
#define PROJECTIONS_RUNTIME_DIGEST_H_

#include <string>

#include "absl/status/statusor.h"
#include "projections/facts/memory_tables.h"
#include "projections/runtime/prefix_tables.h"
#include "projections/runtime/projection.h"
#include "projections/runtime/stored_tables.h"

namespace payfold {

// In lower-case hexadecimal.
absl::StatusOr<std::string> DigestOf(const MemoryTables& tables);
absl::StatusOr<std::string> DigestOf(const PrefixTables& tables);
absl::StatusOr<std::string> DigestOf(const StoredEntries& entries);
absl::StatusOr<std::string> DigestOf(const FoldedContent& content);

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_DIGEST_H_
