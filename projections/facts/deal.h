// The deal book: what the sources said of one deal, in the order of its stream.
//
// Nothing is settled here: that is resolve_deal.h. The encoding is the
// projection's own, derived and disposable; facts are appended to it without
// reading what is there.

#ifndef PROJECTIONS_FACTS_DEAL_H_
#define PROJECTIONS_FACTS_DEAL_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/calendar/date.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

// No participant; also the dense number of ids that are no participant.
inline constexpr uint32_t kNobody = UINT32_MAX;

struct DealAttribute {
  std::string name;
  std::string value;  // empty in a restatement: taken away
};

// A member of the deal's team.
struct DealPerson {
  uint32_t participant = kNobody;
  std::string role;
};

struct SplitShare {
  uint32_t participant = kNobody;
  int64_t nanos = 0;  // billionths
  bool overlay = false;
};

struct DealFact {
  enum class Kind : uint8_t {
    kBooked = 1,
    kRestated = 2,
    kAdjusted = 3,
    kInvoiced = 4,
    kCollected = 5,
    kCancelled = 6,
    kPipeline = 7,
    kSplit = 8,
    kVoid = 9,  // `target` never happened
  };
  Kind kind = Kind::kBooked;
  uint64_t position = 0;
  Date date;                      // as stated; unused for kSplit and kVoid
  std::optional<int64_t> amount;  // minor units
  std::string currency;           // of the amount
  std::optional<uint32_t> owner;
  std::optional<Date> booked_on;  // kRestated
  std::vector<DealPerson> members;
  std::vector<DealAttribute> attributes;  // product, segment, …, source, and free ones
  std::vector<SplitShare> shares;
  uint64_t target = 0;  // kVoid: a position
};

struct DealFacts {
  std::string deal_id;
  std::vector<DealFact> facts;
};

// Dense number of a participant id that the event names.
using Numbering = std::function<uint32_t(absl::string_view)>;

// The fact of an event about a deal. Errors: kDataLoss if the event is not what
// admission lets in; kInvalidArgument if it is not about a deal.
absl::StatusOr<DealFact> DealFactOf(const v1::Event& event, const Numbering& numbers);

// Appends the encoding of a fact, or, first of all, of the deal's id.
void AppendDealId(absl::string_view deal_id, std::string* encoded);
void AppendDealFact(const DealFact& fact, std::string* encoded);
// Errors: kDataLoss.
absl::StatusOr<DealFacts> DecodeDealFacts(absl::string_view encoded);

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_DEAL_H_
