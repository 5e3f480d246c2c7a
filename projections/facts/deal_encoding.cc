// How the deal book is stored: the deal's id, then its facts one after the other.

#include <utility>

#include "ledger/base/coding.h"
#include "projections/facts/deal.h"

namespace payfold {
namespace {

// Which optional parts of a fact follow.
enum Part : uint64_t {
  kAmount = 1,
  kOwner = 2,
  kBookedOn = 4,
  kMembers = 8,
  kAttributes = 16,
  kShares = 32,
  kTarget = 64,
  kStage = 128,
  kProbability = 256,
};

absl::Status DamagedDeal() {
  return absl::DataLossError("the deal book is damaged; rebuild the projection");
}

template <typename Fact>
uint64_t PartsOf(const Fact& fact) {
  uint64_t parts = 0;
  if (fact.amount.has_value()) parts |= kAmount;
  if (fact.owner.has_value()) parts |= kOwner;
  if (fact.booked_on.has_value()) parts |= kBookedOn;
  if (!fact.members.empty()) parts |= kMembers;
  if (!fact.attributes.empty()) parts |= kAttributes;
  if (!fact.shares.empty()) parts |= kShares;
  if (fact.target != 0) parts |= kTarget;
  if (!fact.stage.empty()) parts |= kStage;
  if (fact.probability_nanos.has_value()) parts |= kProbability;
  return parts;
}

// Varints, appended together: cheaper than one by one.
class Numbers {
 public:
  void Add(uint64_t number) {
    for (; number >= 0x80; number >>= 7) *end_++ = static_cast<char>(number | 0x80);
    *end_++ = static_cast<char>(number);
  }
  void AppendTo(std::string* out) const { out->append(bytes_, static_cast<size_t>(end_ - bytes_)); }

 private:
  static constexpr size_t kMost = 5;
  char bytes_[kMost * 10];
  char* end_ = bytes_;
};

bool GetDate(absl::string_view* in, Date* date) {
  int64_t days;
  if (!GetSignedVarint64(in, &days)) return false;
  *date = Date::FromDays(static_cast<int32_t>(days));
  return true;
}

bool GetText(absl::string_view* in, absl::string_view* text) { return GetLengthPrefixed(in, text); }

bool GetText(absl::string_view* in, std::string* text) {
  absl::string_view view;
  if (!GetText(in, &view)) return false;
  text->assign(view.data(), view.size());
  return true;
}

// A count of items, each at least one byte long.
bool GetCount(absl::string_view* in, uint64_t* count) {
  return GetVarint64(in, count) && *count <= in->size();
}

bool GetNumber(absl::string_view* in, uint32_t* number) {
  uint64_t raw;
  if (!GetVarint64(in, &raw) || raw > UINT32_MAX) return false;
  *number = static_cast<uint32_t>(raw);
  return true;
}

template <typename Fact>
bool GetMembers(absl::string_view* in, Fact* fact) {
  uint64_t count;
  if (!GetCount(in, &count)) return false;
  fact->members.resize(count);
  for (auto& member : fact->members) {
    if (!GetNumber(in, &member.participant) || !GetText(in, &member.role)) return false;
  }
  return true;
}

template <typename Fact>
bool GetAttributes(absl::string_view* in, Fact* fact) {
  uint64_t count;
  if (!GetCount(in, &count)) return false;
  fact->attributes.resize(count);
  for (auto& attribute : fact->attributes) {
    if (!GetText(in, &attribute.name) || !GetText(in, &attribute.value)) return false;
  }
  return true;
}

template <typename Fact>
bool GetShares(absl::string_view* in, Fact* fact) {
  uint64_t count;
  if (!GetCount(in, &count)) return false;
  fact->shares.resize(count);
  for (SplitShare& share : fact->shares) {
    uint64_t nanos_and_overlay;
    if (!GetNumber(in, &share.participant) || !GetVarint64(in, &nanos_and_overlay)) return false;
    share.nanos = static_cast<int64_t>(nanos_and_overlay >> 1);
    share.overlay = (nanos_and_overlay & 1) != 0;
  }
  return true;
}

template <typename Fact>
bool GetAmount(absl::string_view* in, Fact* fact) {
  int64_t amount;
  if (!GetSignedVarint64(in, &amount) || !GetText(in, &fact->currency)) return false;
  fact->amount = amount;
  return true;
}

template <typename Fact>
bool GetOwner(absl::string_view* in, Fact* fact) {
  uint32_t owner;
  if (!GetNumber(in, &owner)) return false;
  fact->owner = owner;
  return true;
}

template <typename Fact>
bool GetBookedOn(absl::string_view* in, Fact* fact) {
  Date date;
  if (!GetDate(in, &date)) return false;
  fact->booked_on = date;
  return true;
}

template <typename Fact>
bool GetProbability(absl::string_view* in, Fact* fact) {
  uint64_t nanos;
  if (!GetVarint64(in, &nanos)) return false;
  fact->probability_nanos = static_cast<int64_t>(nanos);
  return true;
}

// `*fact` must be as new, apart from the memory that it holds.
template <typename Fact>
bool GetFact(absl::string_view* in, Fact* fact) {
  uint64_t kind, parts;
  if (!GetVarint64(in, &kind) || !GetVarint64(in, &fact->position) || !GetDate(in, &fact->date) ||
      !GetVarint64(in, &parts)) {
    return false;
  }
  if (kind < 1 || kind > static_cast<uint64_t>(DealFact::Kind::kVoid)) return false;
  fact->kind = static_cast<DealFact::Kind>(kind);
  return ((parts & kAmount) == 0 || GetAmount(in, fact)) &&
         ((parts & kOwner) == 0 || GetOwner(in, fact)) &&
         ((parts & kBookedOn) == 0 || GetBookedOn(in, fact)) &&
         ((parts & kMembers) == 0 || GetMembers(in, fact)) &&
         ((parts & kAttributes) == 0 || GetAttributes(in, fact)) &&
         ((parts & kShares) == 0 || GetShares(in, fact)) &&
         ((parts & kTarget) == 0 || GetVarint64(in, &fact->target)) &&
         ((parts & kStage) == 0 || GetText(in, &fact->stage)) &&
         ((parts & kProbability) == 0 || GetProbability(in, fact));
}

template <typename Fact>
void AppendFact(const Fact& fact, std::string* encoded) {
  Numbers head;
  head.Add(static_cast<uint64_t>(fact.kind));
  head.Add(fact.position);
  head.Add(ZigZag(fact.date.days()));
  head.Add(PartsOf(fact));
  if (fact.amount.has_value()) head.Add(ZigZag(*fact.amount));
  head.AppendTo(encoded);
  if (fact.amount.has_value()) PutLengthPrefixed(encoded, fact.currency);
  if (fact.owner.has_value()) PutVarint64(encoded, *fact.owner);
  if (fact.booked_on.has_value()) PutSignedVarint64(encoded, fact.booked_on->days());
  if (!fact.members.empty()) {
    PutVarint64(encoded, fact.members.size());
    for (const auto& member : fact.members) {
      PutVarint64(encoded, member.participant);
      PutLengthPrefixed(encoded, member.role);
    }
  }
  if (!fact.attributes.empty()) {
    PutVarint64(encoded, fact.attributes.size());
    for (const auto& attribute : fact.attributes) {
      PutLengthPrefixed(encoded, attribute.name);
      PutLengthPrefixed(encoded, attribute.value);
    }
  }
  if (!fact.shares.empty()) {
    PutVarint64(encoded, fact.shares.size());
    for (const SplitShare& share : fact.shares) {
      Numbers numbers;
      numbers.Add(share.participant);
      numbers.Add(static_cast<uint64_t>(share.nanos) << 1 | (share.overlay ? 1 : 0));
      numbers.AppendTo(encoded);
    }
  }
  if (fact.target != 0) PutVarint64(encoded, fact.target);
  if (!fact.stage.empty()) PutLengthPrefixed(encoded, fact.stage);
  if (fact.probability_nanos.has_value()) {
    PutVarint64(encoded, static_cast<uint64_t>(*fact.probability_nanos));
  }
}

}  // namespace

void AppendDealId(absl::string_view deal_id, std::string* encoded) {
  PutLengthPrefixed(encoded, deal_id);
}

void AppendDealFact(const DealFact& fact, std::string* encoded) { AppendFact(fact, encoded); }

void AppendDealFact(const DealFactView& fact, std::string* encoded) { AppendFact(fact, encoded); }

absl::StatusOr<DealFacts> DecodeDealFacts(absl::string_view encoded) {
  DealFacts deal;
  if (encoded.empty()) return deal;
  bool ok = GetText(&encoded, &deal.deal_id);
  while (ok && !encoded.empty()) {
    deal.facts.emplace_back();
    ok = GetFact(&encoded, &deal.facts.back());
  }
  if (!ok) return DamagedDeal();
  return deal;
}

absl::StatusOr<absl::string_view> KnownFacts(absl::string_view encoded, uint64_t position) {
  absl::string_view rest = encoded;
  absl::string_view deal_id;
  if (encoded.empty()) return encoded;
  if (!GetDealId(&rest, &deal_id)) return DamagedDeal();
  size_t known = 0;
  for (DealFactView fact; !rest.empty(); known = encoded.size() - rest.size()) {
    if (!GetDealFact(&rest, &fact)) return DamagedDeal();
    if (KnownSince(fact) > position) break;
  }
  return encoded.substr(0, known);
}

bool GetDealId(absl::string_view* encoded, absl::string_view* deal_id) {
  return GetText(encoded, deal_id);
}

bool GetDealFact(absl::string_view* encoded, DealFactView* fact) {
  fact->Clear();
  return GetFact(encoded, fact);
}

}  // namespace payfold
