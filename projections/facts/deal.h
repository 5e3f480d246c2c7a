// The deal book: what the sources said of one deal, in the order of its stream.
//
// Nothing is settled here: that is resolve_deal.h. The encoding is the
// projection's own, derived and disposable; facts are appended to it without
// reading what is there.

#ifndef PROJECTIONS_FACTS_DEAL_H_
#define PROJECTIONS_FACTS_DEAL_H_

#include <algorithm>
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

// Facts are held with texts of their own (Text: std::string), or as views of the
// bytes they are read from (absl::string_view).
template <typename Text>
struct BasicDealAttribute {
  Text name;
  Text value;  // empty in a restatement: taken away
};

// A member of the deal's team.
template <typename Text>
struct BasicDealPerson {
  uint32_t participant = kNobody;
  Text role;
};

struct SplitShare {
  uint32_t participant = kNobody;
  int64_t nanos = 0;  // billionths
  bool overlay = false;
};

enum class DealFactKind : uint8_t {
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

template <typename Text>
struct BasicDealFact {
  using Kind = DealFactKind;
  Kind kind = Kind::kBooked;
  uint64_t position = 0;
  Date date;                      // as stated; unused for kPipeline, kSplit and kVoid
  std::optional<int64_t> amount;  // minor units
  Text currency;                  // of the amount
  std::optional<uint32_t> owner;
  std::optional<Date> booked_on;  // kRestated; kPipeline: when that is expected
  std::vector<BasicDealPerson<Text>> members;
  std::vector<BasicDealAttribute<Text>> attributes;  // product, …, source, and free ones, by name
  std::vector<SplitShare> shares;
  Text stage;                                // kPipeline
  std::optional<int64_t> probability_nanos;  // kPipeline: billionths
  uint64_t target = 0;                       // kVoid: a position

  // As new, but keeps its memory.
  void Clear() {
    kind = Kind::kBooked;
    position = 0;
    date = Date();
    amount.reset();
    currency = Text();
    owner.reset();
    booked_on.reset();
    members.clear();
    attributes.clear();
    shares.clear();
    stage = Text();
    probability_nanos.reset();
    target = 0;
  }
};

using DealAttribute = BasicDealAttribute<std::string>;
using DealPerson = BasicDealPerson<std::string>;
using DealFact = BasicDealFact<std::string>;
using DealFactView = BasicDealFact<absl::string_view>;

struct DealFacts {
  std::string deal_id;
  std::vector<DealFact> facts;
};

// Since when a fact is known. One that was voided before it arrived stands before its
// void, whose position is the smaller one: both are known since it arrived.
template <typename Text>
uint64_t KnownSince(const BasicDealFact<Text>& fact) {
  return std::max(fact.position, fact.target);
}

// The dates that its facts state, also what a restatement says of the booking; not
// those of opportunities.
std::vector<Date> StatedDates(const DealFacts& deal);

// Dense number of a participant id that the event names.
using Numbering = std::function<uint32_t(absl::string_view)>;

// Whether an attribute of that name is not the source's to set: plans mean the
// ledger's own by it.
bool IsOfTheLedger(absl::string_view attribute);

// The fact of an event about a deal. Errors: kDataLoss if the event is not what
// admission lets in; kInvalidArgument if it is not about a deal.
absl::StatusOr<DealFact> DealFactOf(const v1::Event& event, const Numbering& numbers);

// Appends the encoding of a fact, or, first of all, of the deal's id.
void AppendDealId(absl::string_view deal_id, std::string* encoded);
void AppendDealFact(const DealFact& fact, std::string* encoded);
void AppendDealFact(const DealFactView& fact, std::string* encoded);
// Errors: kDataLoss.
absl::StatusOr<DealFacts> DecodeDealFacts(absl::string_view encoded);

// The encoding as it was when the last position known was this one: the first facts.
// Errors: kDataLoss.
absl::StatusOr<absl::string_view> KnownFacts(absl::string_view encoded, uint64_t position);

// Take the id, or then the first fact, off `*encoded`; what is read points into it.
// False if there is none, or the encoding is damaged.
bool GetDealId(absl::string_view* encoded, absl::string_view* deal_id);
bool GetDealFact(absl::string_view* encoded, DealFactView* fact);

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_DEAL_H_
