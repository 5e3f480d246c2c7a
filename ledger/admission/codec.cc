#include "ledger/admission/codec.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/message.h"
#include "ledger/admission/key_ring.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/aead.h"
#include "ledger/base/check.h"
#include "ledger/base/coding.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/event.h"
#include "payfold/v1/event.pb.h"

namespace payfold {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr uint64_t kLengthDelimited = 2;
constexpr size_t kKeyIdBytes = 8;
constexpr size_t kEnvelopeBytes = 32;  // Of tags and lengths in a body, about.

// A personal field in the payload and in PersonalFields.
struct PersonalField {
  const FieldDescriptor* clear;
  const FieldDescriptor* kept;
};

// Of one kind of payload; `sealed` is null if it has no personal fields.
struct PersonalLayout {
  const FieldDescriptor* sealed = nullptr;
  std::vector<PersonalField> fields;
};

// A payload with `sealed` keeps there the fields it shares with PersonalFields.
PersonalLayout MakeLayout(const google::protobuf::Descriptor& payload) {
  PersonalLayout layout;
  layout.sealed = payload.FindFieldByName("sealed");
  if (layout.sealed == nullptr) return layout;
  const google::protobuf::Descriptor& personal = *v1::PersonalFields::descriptor();
  for (int i = 0; i < personal.field_count(); ++i) {
    const FieldDescriptor* clear = payload.FindFieldByName(personal.field(i)->name());
    if (clear != nullptr) layout.fields.push_back({clear, personal.field(i)});
  }
  return layout;
}

const PersonalLayout& LayoutOf(const v1::Event& event) {
  static const std::vector<PersonalLayout>* const layouts = [] {
    auto* made = new std::vector<PersonalLayout>(kMaxKind + 1);
    for (uint32_t kind = 1; kind <= kMaxKind; ++kind) {
      if (KindName(kind).empty()) continue;
      const FieldDescriptor* field =
          v1::Event::descriptor()->FindFieldByNumber(static_cast<int>(kind));
      (*made)[kind] = MakeLayout(*field->message_type());
    }
    return made;
  }();
  return (*layouts)[KindOf(event)];
}

const FieldDescriptor* PayloadField(const v1::Event& event) {
  return v1::Event::descriptor()->FindFieldByNumber(static_cast<int>(KindOf(event)));
}

const Message& PayloadOf(const v1::Event& event) {
  return event.GetReflection()->GetMessage(event, PayloadField(event));
}

Message* MutablePayloadOf(v1::Event* event) {
  return event->GetReflection()->MutableMessage(event, PayloadField(*event));
}

// Map entries in order of key: equal messages have equal bytes.
void AppendDeterministic(const Message& message, std::string* out) {
  const size_t before = out->size();
  const size_t size = message.ByteSizeLong();
  CHECK(size <= INT32_MAX);
  out->resize(before + size);
  google::protobuf::io::ArrayOutputStream stream(out->data() + before, static_cast<int>(size));
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeWithCachedSizes(&coded);
  CHECK(!coded.HadError());
}

// Binds a ciphertext to its event and payload.
std::string AssociatedData(const v1::Event& event) {
  return absl::StrCat(event.event_id(), "/", KindOf(event));
}

// Tells the key that sealed from one the subject was given after an erasure.
std::string KeyId(absl::string_view key) {
  return std::string(AsBytes(HmacSha256(key, "payfold key id")).substr(0, kKeyIdBytes));
}

void AppendText(uint64_t field, absl::string_view text, std::string* out) {
  if (text.empty()) return;
  PutVarint64(out, field << 3 | kLengthDelimited);
  PutLengthPrefixed(out, text);
}

// The envelope's fields as they are stored, as protobuf would serialise them.
void AppendEnvelopeFields(const v1::Event& event, absl::string_view stream, absl::string_view actor,
                          std::string* out) {
  AppendText(v1::Event::kEventIdFieldNumber, event.event_id(), out);
  AppendText(v1::Event::kSourceFieldNumber, event.source(), out);
  AppendText(v1::Event::kActorFieldNumber, actor, out);
  AppendText(v1::Event::kStreamFieldNumber, stream, out);
  AppendText(v1::Event::kCorrelationIdFieldNumber, event.correlation_id(), out);
  AppendText(v1::Event::kCausationIdFieldNumber, event.causation_id(), out);
}

absl::StatusOr<std::unique_ptr<Message>> SealPayload(const v1::Event& event, absl::string_view key,
                                                     absl::string_view nonce) {
  const PersonalLayout& layout = LayoutOf(event);
  const Message& payload = PayloadOf(event);
  std::unique_ptr<Message> sealed(payload.New());
  sealed->CopyFrom(payload);
  v1::PersonalFields personal;
  for (const PersonalField& field : layout.fields) {
    personal.GetReflection()->SetString(&personal, field.kept,
                                        payload.GetReflection()->GetString(payload, field.clear));
    sealed->GetReflection()->ClearField(sealed.get(), field.clear);
  }
  ASSIGN_OR_RETURN(std::string ciphertext,
                   Seal(key, AssociatedData(event), personal.SerializeAsString(), nonce));
  sealed->GetReflection()->SetString(sealed.get(), layout.sealed, KeyId(key) + ciphertext);
  return sealed;
}

}  // namespace

bool HasPersonalFields(const v1::Event& event) {
  const PersonalLayout& layout = LayoutOf(event);
  if (layout.sealed == nullptr) return false;
  const Message& payload = PayloadOf(event);
  const google::protobuf::Reflection& reflection = *payload.GetReflection();
  return std::any_of(layout.fields.begin(), layout.fields.end(), [&](const PersonalField& field) {
    return reflection.HasField(payload, field.clear);
  });
}

bool IsSealed(const v1::Event& event) {
  const PersonalLayout& layout = LayoutOf(event);
  if (layout.sealed == nullptr) return false;
  const Message& payload = PayloadOf(event);
  return payload.GetReflection()->HasField(payload, layout.sealed);
}

bool IsSealedWith(const v1::Event& event, absl::string_view key) {
  if (!IsSealed(event)) return false;
  const Message& payload = PayloadOf(event);
  const std::string sealed = payload.GetReflection()->GetString(payload, LayoutOf(event).sealed);
  return absl::string_view(sealed).substr(0, kKeyIdBytes) == KeyId(key);
}

absl::string_view AppendContent(const v1::Event& event, std::string* content) {
  PutVarint64(content, KindOf(event));
  const size_t payload = content->size();
  if (KindOf(event) != 0) AppendDeterministic(PayloadOf(event), content);
  return absl::string_view(*content).substr(payload);
}

ContentDigest DigestContent(const v1::Event& event, absl::string_view digest_key) {
  std::string content;
  AppendContent(event, &content);
  return DigestContent(content, digest_key);
}

ContentDigest DigestContent(absl::string_view content, absl::string_view digest_key) {
  const Sha256Digest whole = HmacSha256(digest_key, content);
  ContentDigest digest;
  std::copy_n(whole.begin(), digest.size(), digest.begin());
  return digest;
}

absl::StatusOr<std::string> EncodeBody(const v1::Event& event, absl::string_view stream,
                                       absl::string_view actor, absl::string_view key,
                                       absl::string_view nonce) {
  std::string payload;
  if (HasPersonalFields(event)) {
    ASSIGN_OR_RETURN(std::unique_ptr<Message> sealed, SealPayload(event, key, nonce));
    AppendDeterministic(*sealed, &payload);
  } else {
    AppendDeterministic(PayloadOf(event), &payload);
  }
  return EncodeBodyOf(event, payload, stream, actor);
}

std::string EncodeBodyOf(const v1::Event& event, absl::string_view payload,
                         absl::string_view stream, absl::string_view actor) {
  std::string body;
  body.reserve(payload.size() + stream.size() + actor.size() + event.event_id().size() +
               event.source().size() + kEnvelopeBytes);
  AppendEnvelopeFields(event, stream, actor, &body);
  PutVarint64(&body, uint64_t{KindOf(event)} << 3 | kLengthDelimited);
  PutLengthPrefixed(&body, payload);
  // What a newer source says beside the payload.
  if (event.GetReflection()->GetUnknownFields(event).empty()) return body;
  v1::Event unknown;
  unknown.GetReflection()->MutableUnknownFields(&unknown)->MergeFrom(
      event.GetReflection()->GetUnknownFields(event));
  AppendDeterministic(unknown, &body);
  return body;
}

absl::StatusOr<v1::Event> DecodeEvent(absl::string_view bytes) {
  v1::Event event;
  if (bytes.size() > INT32_MAX ||
      !event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError(
        absl::StrCat("these ", bytes.size(), " stored bytes are no event: run payfold verify"));
  }
  return event;
}

absl::Status UnsealEvent(const KeySource& keys, v1::Event* event) {
  if (!IsSealed(*event)) return absl::OkStatus();
  const PersonalLayout& layout = LayoutOf(*event);
  ASSIGN_OR_RETURN(const std::optional<std::string> key,
                   keys.FindKey(KeySubject(*event, event->stream())));
  if (!key.has_value() || !IsSealedWith(*event, *key)) return absl::OkStatus();
  Message* payload = MutablePayloadOf(event);
  const google::protobuf::Reflection& reflection = *payload->GetReflection();
  const std::string sealed = reflection.GetString(*payload, layout.sealed);
  ASSIGN_OR_RETURN(const std::string clear, Open(*key, AssociatedData(*event),
                                                 absl::string_view(sealed).substr(kKeyIdBytes)));
  v1::PersonalFields personal;
  if (!personal.ParseFromString(clear)) {
    return absl::DataLossError(
        absl::StrCat("the personal fields of event \"", event->event_id(), "\" are damaged"));
  }
  for (const PersonalField& field : layout.fields) {
    reflection.SetString(payload, field.clear,
                         personal.GetReflection()->GetString(personal, field.kept));
  }
  reflection.ClearField(payload, layout.sealed);
  return absl::OkStatus();
}

}  // namespace payfold
