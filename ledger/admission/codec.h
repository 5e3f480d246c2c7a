// Events to the bytes the log stores, and back.
//
// A body is the serialisation of payfold.v1.Event without what the log writes
// (position, recorded_at, stream_version) and what is not stored
// (expected_stream_version). Personal fields (marked (P) in event.proto) leave
// the payload for a PersonalFields message, sealed with AES-256-GCM under the
// key of the event's subject, bound to the event's id and kind, in `sealed`
// (8 bytes that name the key, then what Seal() gave).
// Unknown fields of newer writers survive.

#ifndef LEDGER_ADMISSION_CODEC_H_
#define LEDGER_ADMISSION_CODEC_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/admission/key_ring.h"
#include "ledger/log/event.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

// Whether the payload has any personal field that is not empty.
bool HasPersonalFields(const v1::Event& event);
// Whether the payload has ciphertext in place of personal fields.
bool IsSealed(const v1::Event& event);

// Whether it is that key that sealed the payload's personal fields.
bool IsSealedWith(const v1::Event& event, absl::string_view key);

// Appends the payload's kind and its deterministic serialisation in clear text; the
// latter is given, as long as `*content` stays as it is.
absl::string_view AppendContent(const v1::Event& event, std::string* content);

// HMAC-SHA256, cut to 16 bytes, of the payload's kind and its deterministic
// serialisation in clear text: the same however the source wrote it.
// REQUIRES: nothing is sealed.
ContentDigest DigestContent(const v1::Event& event, absl::string_view digest_key);
// The same of what AppendContent() made of the event.
ContentDigest DigestContent(absl::string_view content, absl::string_view digest_key);

// The body to store. `key` seals the personal fields and is not looked at if
// there are none; `nonce` has kAeadNonceBytes.
// REQUIRES: the event is valid and has a payload.
absl::StatusOr<std::string> EncodeBody(const v1::Event& event, absl::string_view stream,
                                       absl::string_view actor, absl::string_view key,
                                       absl::string_view nonce);
// The same with a payload that is serialised already, by AppendContent() if the event
// has no personal fields.
std::string EncodeBodyOf(const v1::Event& event, absl::string_view payload,
                         absl::string_view stream, absl::string_view actor);

// Stored bytes, or a body, to the message; personal fields stay sealed.
// Errors: kDataLoss if the bytes are no event.
absl::StatusOr<v1::Event> DecodeEvent(absl::string_view bytes);

// Puts the personal fields back in place and clears `sealed`, if their key
// exists; otherwise (the subject was erased, whether or not it has a new key
// since) leaves the event as it is.
// Errors: kDataLoss if the ciphertext does not open; those of `keys`.
absl::Status UnsealEvent(const KeySource& keys, v1::Event* event);

}  // namespace payfold

#endif  // LEDGER_ADMISSION_CODEC_H_
