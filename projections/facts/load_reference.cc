#include "projections/facts/load_reference.h"

#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/fold.h"

namespace payfold {
namespace {

constexpr absl::string_view kWaiting = "voids/";

absl::Status DamagedReference() {
  return absl::DataLossError("the reference is damaged; rebuild the projection");
}

absl::StatusOr<uint32_t> TakeKind(absl::string_view* entry) {
  uint64_t kind = 0;
  if (!GetVarint64(entry, &kind) || kind > kMaxKind) return DamagedReference();
  return static_cast<uint32_t>(kind);
}

// The event of an entry whose kind was taken, and the numbers of whom it names.
absl::StatusOr<v1::Event> Decode(uint64_t position, absl::string_view entry,
                                 std::vector<uint32_t>* numbers) {
  uint64_t count = 0;
  numbers->clear();
  if (!GetVarint64(&entry, &count) || count > entry.size()) return DamagedReference();
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t number = 0;
    if (!GetVarint64(&entry, &number)) return DamagedReference();
    numbers->push_back(static_cast<uint32_t>(number));
  }
  v1::Event event;
  if (event.ParseFromArray(entry.data(), static_cast<int>(entry.size()))) return event;
  return absl::DataLossError(
      absl::StrCat("the stored bytes of event ", position, " are no event; run a verification"));
}

using Ids = absl::flat_hash_set<std::string>;

// The ids of the facts that voids known at the moment take away.
absl::StatusOr<Ids> VoidedAt(const FactReader& tables, const Moment& moment) {
  Ids voided;
  std::vector<uint32_t> numbers;
  const auto visit = [&](uint64_t position, absl::string_view entry) -> absl::Status {
    ASSIGN_OR_RETURN(const uint32_t kind, TakeKind(&entry));
    if (kind != v1::Event::kFactVoided || !moment.Knows(position, kind)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const v1::Event event, Decode(position, entry, &numbers));
    if (!IsWaitingVoid(event)) voided.insert(event.fact_voided().event_id());
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(tables.ForEachReference(visit));
  return voided;
}

absl::Status ApplyAll(const FactReader& tables, const Moment& moment, Reference* reference) {
  ASSIGN_OR_RETURN(const Ids voided, VoidedAt(tables, moment));
  std::vector<uint32_t> numbers;
  const auto visit = [&](uint64_t position, absl::string_view entry) -> absl::Status {
    ASSIGN_OR_RETURN(const uint32_t kind, TakeKind(&entry));
    if (!moment.Knows(position, kind)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const v1::Event event, Decode(position, entry, &numbers));
    if (voided.count(event.event_id()) != 0) return absl::OkStatus();
    if (IsWaitingVoid(event)) {
      reference->waiting_voids.Mutable().emplace(event.fact_voided().event_id(), position);
      return absl::OkStatus();
    }
    const std::vector<std::string> ids = ParticipantsOf(event);
    return reference->Apply(event, NumbersOf(ids, numbers));
  };
  return tables.ForEachReference(visit);
}

}  // namespace

bool Moment::Knows(uint64_t position_of_event, uint32_t kind) const {
  switch (kind) {
    case v1::Event::kPlanPublished:
    case v1::Event::kPlanRetired:
      return position_of_event <= plans_position;
    default:
      return position_of_event <= position;
  }
}

bool IsWaitingVoid(const v1::Event& event) {
  return event.has_fact_voided() && absl::StartsWith(event.stream(), kWaiting);
}

std::string EncodeReference(const EventView& view) {
  std::string entry;
  PutVarint64(&entry, view.kind);
  PutVarint64(&entry, view.participants.size());
  for (uint32_t number : view.participants) PutVarint64(&entry, number);
  entry.append(view.bytes.data(), view.bytes.size());
  return entry;
}

absl::StatusOr<uint32_t> KindOfReference(absl::string_view entry) { return TakeKind(&entry); }

absl::StatusOr<Reference> LoadReference(const FactReader& tables) {
  Reference reference;
  Org& org = reference.org.Mutable();
  RETURN_IF_ERROR(tables.ForEachParticipant(
      [&org](uint32_t number, absl::string_view id) { org.AddParticipant(number, id); }));
  std::map<Date, int64_t>& days = reference.last_days.Mutable();
  RETURN_IF_ERROR(tables.ForEachLastDay([&days](Date day, int64_t facts) { days[day] = facts; }));
  RETURN_IF_ERROR(ApplyAll(tables, Moment(), &reference));
  return reference;
}

absl::StatusOr<Reference> LoadReferenceAt(const FactReader& tables, const Moment& moment,
                                          uint32_t participants) {
  Reference reference;
  Org& org = reference.org.Mutable();
  RETURN_IF_ERROR(tables.ForEachParticipant([&](uint32_t number, absl::string_view id) {
    if (number < participants) org.AddParticipant(number, id);
  }));
  ASSIGN_OR_RETURN(const Date latest, tables.LatestDayAt(moment.position));
  if (latest != Date::Min()) reference.last_days.Mutable()[latest] = 1;
  RETURN_IF_ERROR(ApplyAll(tables, moment, &reference));
  return reference;
}

}  // namespace payfold
