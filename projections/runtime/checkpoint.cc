#include "projections/runtime/checkpoint.h"

#include "absl/strings/str_cat.h"
#include "ledger/base/coding.h"

namespace payfold {
namespace {

absl::Status DamagedCheckpoint() {
  return absl::DataLossError("the projection's checkpoint is damaged; rebuild the projection");
}

}  // namespace

std::string EncodeCheckpoint(uint64_t version, uint64_t position) {
  std::string value;
  PutVarint64(&value, version);
  PutVarint64(&value, position);
  return value;
}

absl::StatusOr<uint64_t> ParseCheckpoint(absl::string_view value, uint64_t version) {
  uint64_t written = 0;
  uint64_t position = 0;
  if (!GetVarint64(&value, &written)) return DamagedCheckpoint();
  if (written != version) {
    return absl::FailedPreconditionError(
        absl::StrCat("the projection has layout ", written, ", this release ", version));
  }
  if (!GetVarint64(&value, &position) || !value.empty()) return DamagedCheckpoint();
  return position;
}

}  // namespace payfold
