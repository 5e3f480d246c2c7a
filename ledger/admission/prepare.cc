#include "ledger/admission/prepare.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/aead.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

// Where a void will stand, as far as the log knows the fact; the decision looks
// again, at the batch too.
absl::StatusOr<std::string> ExpectedStream(const EventLog& log, const v1::Event& event) {
  if (!event.has_fact_voided()) return StreamName(event);
  ASSIGN_OR_RETURN(const std::optional<KnownEvent> known,
                   log.FindEventId(event.fact_voided().event_id()));
  if (!known.has_value()) return StreamName(event);
  EventStorage storage;
  ASSIGN_OR_RETURN(const EventView view, log.Get(known->position, &storage));
  return log.StreamName(view.stream);
}

}  // namespace

absl::StatusOr<std::vector<PreparedEvent>> Encoder::Prepare(const EventLog& log,
                                                            absl::Span<const v1::Event> events) {
  std::vector<PreparedEvent> prepared(events.size());
  absl::flat_hash_map<absl::string_view, size_t> first_with_id;
  first_with_id.reserve(events.size());
  std::vector<std::string> subjects;
  std::vector<size_t> sealed;  // The events with personal fields.
  std::vector<bool> known(events.size());
  std::string content;
  for (size_t i = 0; i < events.size(); ++i) {
    const v1::Event& event = events[i];
    NewEvent& encoded = prepared[i].encoded;
    prepared[i].event = &event;
    prepared[i].first = first_with_id.try_emplace(event.event_id(), i).first->second;
    encoded.event_id = event.event_id();
    encoded.kind = KindOf(event);
    encoded.participants = ParticipantsOf(event);
    content.clear();
    const absl::string_view payload = AppendContent(event, &content);
    encoded.content_digest = DigestContent(content, keys_->digest_key());
    ASSIGN_OR_RETURN(encoded.stream, ExpectedStream(log, event));
    if (!HasPersonalFields(event)) {
      if (prepared[i].first == i) {
        encoded.body = EncodeBodyOf(event, payload, encoded.stream, actor_);
      }
      continue;
    }
    sealed.push_back(i);
    // What is in the log already needs no key: its subject may be erased.
    ASSIGN_OR_RETURN(const std::optional<KnownEvent> stored, log.FindEventId(event.event_id()));
    known[i] = stored.has_value();
    if (!known[i]) subjects.push_back(KeySubject(event, encoded.stream));
  }
  if (keep_keys_ && !subjects.empty()) RETURN_IF_ERROR(keys_->Ensure(subjects));
  for (const size_t i : sealed) {
    if (known[i] || prepared[i].first != i) continue;
    ASSIGN_OR_RETURN(prepared[i].encoded.body,
                     EncodeWithKey(events[i], prepared[i].encoded.stream));
  }
  return prepared;
}

absl::StatusOr<std::string> Encoder::Encode(const v1::Event& event, absl::string_view stream) {
  if (keep_keys_ && HasPersonalFields(event)) {
    RETURN_IF_ERROR(keys_->Ensure({KeySubject(event, stream)}));
  }
  return EncodeWithKey(event, stream);
}

absl::StatusOr<std::string> Encoder::EncodeWithKey(const v1::Event& event,
                                                   absl::string_view stream) {
  if (!HasPersonalFields(event)) return EncodeBody(event, stream, actor_, "", "");
  if (!keep_keys_) {
    return EncodeBody(event, stream, actor_, random_(kAeadKeyBytes), random_(kAeadNonceBytes));
  }
  ASSIGN_OR_RETURN(const std::optional<std::string> key, keys_->FindKey(KeySubject(event, stream)));
  CHECK(key.has_value());  // Made just before, and erasures wait.
  return EncodeBody(event, stream, actor_, *key, random_(kAeadNonceBytes));
}

}  // namespace payfold
