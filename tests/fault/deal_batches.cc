#include "tests/fault/deal_batches.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/stream_name.h"
#include "tools/workload/standard_company.h"

namespace payfold_testing {
namespace {

// Few deals, so that many facts meet in one.
constexpr int64_t kDeals = 400;
constexpr uint64_t kFacts = 3;
// Has no divisor in common with the number of events, so that each is drawn once.
constexpr uint64_t kStride = 7'919;

const payfold::StandardCompany& Company() {
  static const auto* const company = new payfold::StandardCompany({.deals = kDeals});
  return *company;
}

// Draws are numbered from 0. The same event returns later under another id.
payfold::v1::Event Drawn(uint64_t draw) {
  const auto count = static_cast<uint64_t>(Company().event_count());
  payfold::v1::Event event = Company().EventAt(static_cast<int64_t>(draw * kStride % count));
  event.set_event_id(absl::StrCat("draw-", draw));
  return event;
}

payfold::NewEvent AsStored(const payfold::v1::Event& event, const std::string& stream) {
  payfold::NewEvent stored;
  stored.event_id = event.event_id();
  stored.stream = stream;
  stored.kind = payfold::KindOf(event);
  stored.participants = payfold::ParticipantsOf(event);
  stored.body =
      *payfold::EncodeBody(event, stream, "test", std::string(32, 'k'), std::string(12, 'n'));
  return stored;
}

// Of a deal's fact only: the log leaves what else may be voided to admission.
payfold::NewEvent VoidOfDraw(uint64_t number, const payfold::v1::Event& target) {
  payfold::v1::Event event;
  event.set_event_id(absl::StrCat("void-", number));
  event.set_source("test");
  event.mutable_fact_voided()->set_event_id(target.event_id());
  event.mutable_fact_voided()->set_reason("a mistake");
  return AsStored(event, payfold::StreamName(target));
}

}  // namespace

std::vector<payfold::NewEvent> DealBatch(uint64_t number) {
  std::vector<payfold::NewEvent> events;
  for (uint64_t i = 0; i < kFacts; ++i) {
    const payfold::v1::Event event = Drawn((number - 1) * kFacts + i);
    events.push_back(AsStored(event, payfold::StreamName(event)));
  }
  const payfold::v1::Event earlier = Drawn(number * kFacts / 2);
  if (earlier.has_deal_booked() || earlier.has_credit_split()) {
    events.push_back(VoidOfDraw(number, earlier));
  }
  return events;
}

}  // namespace payfold_testing
