#include "projections/facts/wire_fact.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "ledger/admission/fields.h"
#include "ledger/money/decimal.h"
#include "payfold/v1/event.pb.h"

namespace payfold {
namespace {

// Not every text is UTF-8, which the message's parser asks for; ASCII is.
bool IsAscii(absl::string_view text) {
  uint64_t bits = 0;
  uint64_t eight = 0;
  if (text.size() < sizeof(eight)) {
    for (const char c : text) bits |= static_cast<uint8_t>(c);
    return bits < 0x80;
  }
  for (size_t i = 0; i + sizeof(eight) <= text.size(); i += sizeof(eight)) {
    std::memcpy(&eight, text.data() + i, sizeof(eight));
    bits |= eight;
  }
  std::memcpy(&eight, text.data() + text.size() - sizeof(eight), sizeof(eight));
  return ((bits | eight) & 0x8080808080808080) == 0;
}

// The fields of one message, to be asked for in order of number. Each function takes
// the field off if it is next, and says whether it was.
class WireReader {
 public:
  explicit WireReader(absl::string_view bytes) : rest_(bytes) {}

  bool Varint(uint32_t field, uint64_t* value) { return Tag(field << 3) && Number(value); }
  bool Bytes(uint32_t field, absl::string_view* bytes) {
    uint64_t size = 0;
    if (!Tag(field << 3 | 2) || !Number(&size) || !Check(size <= rest_.size())) return false;
    *bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  bool Text(uint32_t field, absl::string_view* text) {
    return Bytes(field, text) && Check(IsAscii(*text));
  }
  void SkipVarint(uint32_t field) {
    uint64_t value;
    Varint(field, &value);
  }
  void SkipText(uint32_t field) {
    absl::string_view text;
    Text(field, &text);
  }

  // Whether there was nothing but what was asked for.
  bool AtEnd() const { return ordinary_ && rest_.empty(); }

 private:
  bool Tag(uint32_t tag) {
    const size_t size = tag < 0x80 ? 1 : 2;
    if (rest_.size() < size) return false;
    const auto byte = [this](size_t i) { return static_cast<uint8_t>(rest_[i]); };
    const bool is_next =
        size == 1 ? byte(0) == tag : byte(0) == ((tag & 0x7f) | 0x80) && byte(1) == tag >> 7;
    if (is_next) rest_.remove_prefix(size);
    return is_next;
  }
  // Ordinary are those of up to 63 bits.
  bool Number(uint64_t* value) {
    uint64_t result = 0;
    for (size_t i = 0; i < rest_.size() && i < 9; ++i) {
      const uint64_t byte = static_cast<uint8_t>(rest_[i]);
      result |= (byte & 0x7f) << (7 * i);
      if (byte >= 0x80) continue;
      rest_.remove_prefix(i + 1);
      *value = result;
      return true;
    }
    return Check(false);
  }
  bool Check(bool ordinary) {
    ordinary_ = ordinary_ && ordinary;
    return ordinary;
  }

  absl::string_view rest_;
  bool ordinary_ = true;
};

bool IsTimestamp(absl::string_view bytes) {
  WireReader in(bytes);
  in.SkipVarint(google::protobuf::Timestamp::kSecondsFieldNumber);
  in.SkipVarint(google::protobuf::Timestamp::kNanosFieldNumber);
  return in.AtEnd();
}

}  // namespace

bool WireFactReader::Read(const EventView& event) {
  if (event.kind != v1::Event::kDealBooked && event.kind != v1::Event::kCreditSplit) return false;
  event_ = &event;
  fact_.Clear();
  fact_.position = event.position;
  source_ = stream_ = {};
  participants_.clear();
  WireReader in(event.bytes);
  absl::string_view recorded_at, payload;
  in.SkipVarint(v1::Event::kPositionFieldNumber);
  if (in.Bytes(v1::Event::kRecordedAtFieldNumber, &recorded_at) && !IsTimestamp(recorded_at)) {
    return false;
  }
  in.SkipVarint(v1::Event::kStreamVersionFieldNumber);
  in.SkipText(v1::Event::kEventIdFieldNumber);
  in.Text(v1::Event::kSourceFieldNumber, &source_);
  in.SkipText(v1::Event::kActorFieldNumber);
  in.Text(v1::Event::kStreamFieldNumber, &stream_);
  in.SkipText(v1::Event::kCorrelationIdFieldNumber);
  in.SkipText(v1::Event::kCausationIdFieldNumber);
  return in.Bytes(event.kind, &payload) && in.AtEnd() &&
         (event.kind == v1::Event::kDealBooked ? ReadBooking(payload) : ReadSplit(payload)) &&
         participants_.size() == event.participants.size();
}

bool WireFactReader::ReadBooking(absl::string_view bytes) {
  using Booked = v1::DealBooked;
  fact_.kind = DealFact::Kind::kBooked;
  WireReader in(bytes);
  absl::string_view part;
  in.SkipText(Booked::kDealIdFieldNumber);
  if (!in.Bytes(Booked::kAmountFieldNumber, &part) || !ReadAmount(part)) return false;
  if (!in.Bytes(Booked::kBookedOnFieldNumber, &part) || !ReadDate(part)) return false;
  if (in.Bytes(Booked::kOwnerIdFieldNumber, &part) && !NumberOf(part, &fact_.owner.emplace())) {
    return false;
  }
  while (in.Bytes(Booked::kMembersFieldNumber, &part)) {
    if (!ReadMember(part)) return false;
  }
  if (in.Text(Booked::kProductFieldNumber, &part)) AddStated("product", part);
  if (in.Text(Booked::kSegmentFieldNumber, &part)) AddStated("segment", part);
  if (in.Text(Booked::kTerritoryFieldNumber, &part)) AddStated("territory", part);
  if (in.Text(Booked::kChannelFieldNumber, &part)) AddStated("channel", part);
  if (in.Text(Booked::kCustomerIdFieldNumber, &part)) AddStated("customer_id", part);
  if (uint64_t months; in.Varint(Booked::kTermMonthsFieldNumber, &months)) {
    if (months > INT32_MAX) return false;
    term_months_ = absl::StrCat(months);
    AddStated("term_months", term_months_);
  }
  while (in.Bytes(Booked::kAttributesFieldNumber, &part)) {
    if (!ReadAttribute(part)) return false;
  }
  AddStated("source", source_);
  return in.AtEnd() && SortAttributes();
}

bool WireFactReader::ReadAmount(absl::string_view bytes) {
  WireReader in(bytes);
  uint64_t minor_units = 0;
  in.Text(v1::Money::kCurrencyFieldNumber, &fact_.currency);
  in.Varint(v1::Money::kMinorUnitsFieldNumber, &minor_units);
  fact_.amount = static_cast<int64_t>(minor_units);
  return in.AtEnd();
}

bool WireFactReader::ReadDate(absl::string_view text) {
  const absl::StatusOr<Date> date = Date::Parse(text);
  if (date.ok()) fact_.date = *date;
  return date.ok();
}

bool WireFactReader::ReadMember(absl::string_view bytes) {
  WireReader in(bytes);
  BasicDealPerson<absl::string_view> member;
  absl::string_view id;
  if (in.Bytes(v1::DealMember::kParticipantIdFieldNumber, &id) &&
      !NumberOf(id, &member.participant)) {
    return false;
  }
  in.Text(v1::DealMember::kRoleFieldNumber, &member.role);
  fact_.members.push_back(member);
  return in.AtEnd();
}

// An entry of a map: its key is field 1, its value field 2. An empty value is out of
// the ordinary: it might take back one of the same name.
bool WireFactReader::ReadAttribute(absl::string_view bytes) {
  WireReader in(bytes);
  absl::string_view name, value;
  in.Text(1, &name);
  in.Text(2, &value);
  if (!IsOfTheLedger(name)) AddStated(name, value);
  return in.AtEnd() && !value.empty();
}

bool WireFactReader::ReadSplit(absl::string_view bytes) {
  fact_.kind = DealFact::Kind::kSplit;
  WireReader in(bytes);
  absl::string_view share;
  in.SkipText(v1::CreditSplit::kDealIdFieldNumber);
  while (in.Bytes(v1::CreditSplit::kSharesFieldNumber, &share)) {
    if (!ReadShare(share)) return false;
  }
  return in.AtEnd();
}

bool WireFactReader::ReadShare(absl::string_view bytes) {
  WireReader in(bytes);
  SplitShare share;
  absl::string_view id, text;
  uint64_t overlay = 0;
  if (!in.Bytes(v1::CreditShare::kParticipantIdFieldNumber, &id) ||
      !NumberOf(id, &share.participant) || !in.Bytes(v1::CreditShare::kShareFieldNumber, &text)) {
    return false;
  }
  const absl::StatusOr<Decimal> value = Decimal::ParsePercent(text);
  if (!value.ok()) return false;
  in.SkipText(v1::CreditShare::kRoleFieldNumber);
  in.Varint(v1::CreditShare::kOverlayFieldNumber, &overlay);
  share.nanos = static_cast<int64_t>(value->nanos());
  share.overlay = overlay != 0;
  fact_.shares.push_back(share);
  return in.AtEnd();
}

// Empty texts are missing attributes.
void WireFactReader::AddStated(absl::string_view name, absl::string_view value) {
  if (!value.empty()) fact_.attributes.push_back({name, value});
}

// By name; a name that is there twice is out of the ordinary.
bool WireFactReader::SortAttributes() {
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  if (fact_.attributes.size() < 2) return true;
  std::sort(fact_.attributes.begin(), fact_.attributes.end(), by_name);
  return std::adjacent_find(fact_.attributes.begin(), fact_.attributes.end(),
                            [](const auto& a, const auto& b) { return a.name == b.name; }) ==
         fact_.attributes.end();
}

// The number that the log gave the id. False if it is no id.
bool WireFactReader::NumberOf(absl::string_view id, uint32_t* number) {
  auto at = std::find(participants_.begin(), participants_.end(), id);
  if (at == participants_.end()) {
    if (participants_.size() == event_->participants.size() || !IsId(id)) return false;
    at = participants_.insert(at, id);
  }
  *number = event_->participants[static_cast<size_t>(at - participants_.begin())];
  return true;
}

}  // namespace payfold
