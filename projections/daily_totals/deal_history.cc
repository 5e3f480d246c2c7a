#include "projections/daily_totals/deal_history.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/fold.h"

namespace payfold {
namespace {

// Totals are the company's: whoever a fact names does not matter.
uint32_t Nobody(absl::string_view /*participant*/) { return kNobody; }

}  // namespace

uint64_t TotalsKinds() {
  return KindBit(v1::Event::kDealBooked) | KindBit(v1::Event::kDealAmended) |
         KindBit(v1::Event::kDealInvoiced) | KindBit(v1::Event::kPaymentCollected) |
         KindBit(v1::Event::kDealCancelled) | KindBit(v1::Event::kFactVoided);
}

absl::StatusOr<v1::Event> ParseEvent(const EventView& view) {
  v1::Event event;
  if (event.ParseFromArray(view.bytes.data(), static_cast<int>(view.bytes.size()))) return event;
  return absl::DataLossError(absl::StrCat("the stored bytes of event ", view.position,
                                          " are no event; run a verification"));
}

absl::StatusOr<std::optional<uint64_t>> FindVoided(const EventLog& log, const v1::Event& event,
                                                   uint64_t position) {
  ASSIGN_OR_RETURN(const std::optional<KnownEvent> known,
                   log.FindEventId(event.fact_voided().event_id()));
  if (!known.has_value() || known->position > position) return std::nullopt;
  return known->position;
}

absl::Status AppendFacts(const EventLog& log, const EventView& view, const v1::Event& event,
                         const WaitingVoids& waiting, std::vector<DealFact>* facts) {
  if (view.kind == v1::Event::kFactVoided) {
    ASSIGN_OR_RETURN(const std::optional<uint64_t> voided, FindVoided(log, event, view.position));
    if (voided.has_value()) facts->push_back(VoidOf(*voided, view.position));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(DealFact fact, DealFactOf(event, Nobody));
  fact.position = view.position;
  facts->push_back(std::move(fact));
  const auto waited = waiting.find(event.event_id());
  if (waited != waiting.end() && waited->second < view.position) {
    facts->push_back(VoidOf(view.position, waited->second));
  }
  return absl::OkStatus();
}

absl::StatusOr<DealFacts> ReadDeal(const EventLog& log, uint32_t stream, uint64_t upto,
                                   const WaitingVoids& waiting) {
  DealFacts deal;
  const std::unique_ptr<EventCursor> events =
      log.Read({.last = upto, .stream = stream, .kinds = TotalsKinds()});
  while (events->Next()) {
    ASSIGN_OR_RETURN(const v1::Event event, ParseEvent(events->event()));
    RETURN_IF_ERROR(AppendFacts(log, events->event(), event, waiting, &deal.facts));
  }
  RETURN_IF_ERROR(events->status());
  return deal;
}

}  // namespace payfold
