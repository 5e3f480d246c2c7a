// The fact of a stored booking or split, read from its bytes as they are in the
// log, without making a message of them: what a rebuild spends most time on.
//
// It reads what is ordinary and nothing else. Of everything else (other payloads,
// fields that are unknown, repeated or out of order, texts beyond ASCII, damage)
// it says so, and the message's own parser decides: what an event means is said
// in one place, DealFactOf().
//
// Source: protobuf encoding guide; field numbers, proto/payfold/v1/event.proto.

#ifndef PROJECTIONS_FACTS_WIRE_FACT_H_
#define PROJECTIONS_FACTS_WIRE_FACT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "ledger/log/event.h"
#include "projections/facts/deal.h"

namespace payfold {

// Not thread-safe; keeps its memory from one event to the next.
class WireFactReader {
 public:
  // Whether the event is ordinary. If so, what is read can be had until the next
  // call, as long as the event's bytes are there.
  bool Read(const EventView& event);

  // What DealFactOf() gives, with the event's position.
  const DealFactView& fact() const { return fact_; }
  absl::string_view stream() const { return stream_; }
  // What ParticipantsOf() gives: the first has the event's first number, and so on.
  const std::vector<absl::string_view>& participants() const { return participants_; }

 private:
  bool ReadBooking(absl::string_view bytes);
  bool ReadAmount(absl::string_view bytes);
  bool ReadDate(absl::string_view text);
  bool ReadMember(absl::string_view bytes);
  bool ReadAttribute(absl::string_view bytes);
  bool ReadSplit(absl::string_view bytes);
  bool ReadShare(absl::string_view bytes);
  void AddStated(absl::string_view name, absl::string_view value);
  bool SortAttributes();
  bool NumberOf(absl::string_view id, uint32_t* number);

  const EventView* event_ = nullptr;  // Being read.
  DealFactView fact_;
  absl::string_view source_;
  absl::string_view stream_;
  std::vector<absl::string_view> participants_;
  std::string term_months_;
};

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_WIRE_FACT_H_
