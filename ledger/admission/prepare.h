// What can be done about a batch before the log's single writer decides on it:
// digests, streams, keys, ciphertext and bytes. Internal to ledger/admission.

#ifndef LEDGER_ADMISSION_PREPARE_H_
#define LEDGER_ADMISSION_PREPARE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/admission/decide.h"
#include "ledger/admission/key_ring.h"
#include "ledger/log/event_log.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

// Makes the bytes of one append. Belongs to one thread; points to what it is
// given, which must outlive it.
class Encoder {
 public:
  // With `keep_keys` the subjects' keys are made and kept; without, whatever is
  // sealed cannot be opened again.
  Encoder(KeyRing* keys, const RandomSource& random, absl::string_view actor, bool keep_keys)
      : keys_(keys), random_(random), actor_(actor), keep_keys_(keep_keys) {}

  // REQUIRES: ValidateBatch() found nothing.
  absl::StatusOr<std::vector<PreparedEvent>> Prepare(const EventLog& log,
                                                     absl::Span<const v1::Event> events);

  // The body of one event; makes its key if that is missing.
  absl::StatusOr<std::string> Encode(const v1::Event& event, absl::string_view stream);

 private:
  absl::StatusOr<std::string> EncodeWithKey(const v1::Event& event, absl::string_view stream);

  KeyRing* keys_;
  const RandomSource& random_;
  const absl::string_view actor_;
  const bool keep_keys_;
};

}  // namespace payfold

#endif  // LEDGER_ADMISSION_PREPARE_H_
