#include "projections/facts/deal.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "ledger/money/decimal.h"
#include "projections/facts/stated_fields.h"

namespace payfold {
namespace {

void SetAmount(const v1::Money& money, DealFact* fact) {
  fact->amount = money.minor_units();
  fact->currency = money.currency();
}

void AddAttribute(absl::string_view name, absl::string_view value, DealFact* fact) {
  fact->attributes.push_back({std::string(name), std::string(value)});
}

template <typename Members>
void AddMembers(const Members& members, const Numbering& numbers, DealFact* fact) {
  for (const v1::DealMember& member : members) {
    fact->members.push_back({numbers(member.participant_id()), member.role()});
  }
}

// The attributes that a booking and a pipeline entry have alike; empty texts are
// missing attributes.
template <typename Payload>
void AddStatedAttributes(const Payload& deal, DealFact* fact) {
  if (!deal.product().empty()) AddAttribute("product", deal.product(), fact);
  if (!deal.segment().empty()) AddAttribute("segment", deal.segment(), fact);
  if (!deal.territory().empty()) AddAttribute("territory", deal.territory(), fact);
  if (!deal.channel().empty()) AddAttribute("channel", deal.channel(), fact);
  if (!deal.customer_id().empty()) AddAttribute("customer_id", deal.customer_id(), fact);
  if (deal.has_term_months()) AddAttribute("term_months", absl::StrCat(deal.term_months()), fact);
  for (const auto& [name, value] : deal.attributes()) {
    if (!value.empty() && !IsOfTheLedger(name)) AddAttribute(name, value, fact);
  }
}

absl::StatusOr<DealFact> BookedFact(const v1::Event& event, const Numbering& numbers) {
  const v1::DealBooked& deal = event.deal_booked();
  DealFact fact;
  fact.kind = DealFact::Kind::kBooked;
  ASSIGN_OR_RETURN(fact.date, ReadDate(event, deal.booked_on()));
  SetAmount(deal.amount(), &fact);
  if (!deal.owner_id().empty()) fact.owner = numbers(deal.owner_id());
  AddMembers(deal.members(), numbers, &fact);
  AddStatedAttributes(deal, &fact);
  if (!event.source().empty()) AddAttribute("source", event.source(), &fact);
  return fact;
}

absl::StatusOr<DealFact> PipelineFact(const v1::Event& event, const Numbering& numbers) {
  const v1::PipelineUpdated& deal = event.pipeline_updated();
  DealFact fact;
  fact.kind = DealFact::Kind::kPipeline;
  if (!deal.expected_on().empty()) {
    ASSIGN_OR_RETURN(fact.booked_on, ReadDate(event, deal.expected_on()));
  }
  if (deal.has_amount()) SetAmount(deal.amount(), &fact);
  if (!deal.owner_id().empty()) fact.owner = numbers(deal.owner_id());
  AddMembers(deal.members(), numbers, &fact);
  AddStatedAttributes(deal, &fact);
  if (!event.source().empty()) AddAttribute("source", event.source(), &fact);
  fact.stage = deal.stage();
  if (!deal.probability().empty()) {
    const absl::StatusOr<Decimal> probability = Decimal::ParsePercent(deal.probability());
    if (!probability.ok()) {
      return DamagedEvent(event, absl::StrCat("probability '", deal.probability(), "'"));
    }
    fact.probability_nanos = static_cast<int64_t>(probability->nanos());
  }
  return fact;
}

absl::StatusOr<DealFact> AmendedFact(const v1::Event& event, const Numbering& numbers) {
  const v1::DealAmended& deal = event.deal_amended();
  DealFact fact;
  ASSIGN_OR_RETURN(fact.date, ReadDate(event, deal.amended_on()));
  if (deal.has_amount()) SetAmount(deal.amount(), &fact);
  if (deal.mode() == v1::DealAmended::ADJUST) {
    if (!deal.has_amount()) return DamagedEvent(event, "an adjustment without amount");
    fact.kind = DealFact::Kind::kAdjusted;
    return fact;
  }
  if (deal.mode() != v1::DealAmended::RESTATE) return DamagedEvent(event, "the mode");
  fact.kind = DealFact::Kind::kRestated;
  if (deal.has_booked_on()) {
    ASSIGN_OR_RETURN(fact.booked_on, ReadDate(event, deal.booked_on()));
  }
  if (deal.has_owner_id()) {
    fact.owner = deal.owner_id().empty() ? kNobody : numbers(deal.owner_id());
  }
  AddMembers(deal.members(), numbers, &fact);
  if (deal.has_product()) AddAttribute("product", deal.product(), &fact);
  if (deal.has_segment()) AddAttribute("segment", deal.segment(), &fact);
  if (deal.has_territory()) AddAttribute("territory", deal.territory(), &fact);
  if (deal.has_channel()) AddAttribute("channel", deal.channel(), &fact);
  if (deal.has_customer_id()) AddAttribute("customer_id", deal.customer_id(), &fact);
  if (deal.has_term_months()) {
    AddAttribute("term_months", absl::StrCat(deal.term_months()), &fact);
  }
  for (const auto& [name, value] : deal.attributes()) {
    if (!IsOfTheLedger(name)) AddAttribute(name, value, &fact);
  }
  return fact;
}

absl::StatusOr<DealFact> SplitFact(const v1::Event& event, const Numbering& numbers) {
  DealFact fact;
  fact.kind = DealFact::Kind::kSplit;
  for (const v1::CreditShare& share : event.credit_split().shares()) {
    absl::StatusOr<Decimal> value = Decimal::ParsePercent(share.share());
    if (!value.ok()) return DamagedEvent(event, absl::StrCat("share '", share.share(), "'"));
    fact.shares.push_back(
        {numbers(share.participant_id()), static_cast<int64_t>(value->nanos()), share.overlay()});
  }
  return fact;
}

// An invoice, a payment or a cancellation.
template <typename Payload>
absl::StatusOr<DealFact> DatedFact(DealFact::Kind kind, const v1::Event& event,
                                   const Payload& payload, const std::string& date) {
  DealFact fact;
  fact.kind = kind;
  ASSIGN_OR_RETURN(fact.date, ReadDate(event, date));
  if (payload.has_amount()) SetAmount(payload.amount(), &fact);
  return fact;
}

absl::StatusOr<DealFact> FactOf(const v1::Event& event, const Numbering& numbers) {
  switch (event.payload_case()) {
    case v1::Event::kDealBooked:
      return BookedFact(event, numbers);
    case v1::Event::kDealAmended:
      return AmendedFact(event, numbers);
    case v1::Event::kDealInvoiced:
      return DatedFact(DealFact::Kind::kInvoiced, event, event.deal_invoiced(),
                       event.deal_invoiced().date());
    case v1::Event::kPaymentCollected:
      return DatedFact(DealFact::Kind::kCollected, event, event.payment_collected(),
                       event.payment_collected().date());
    case v1::Event::kDealCancelled:
      return DatedFact(DealFact::Kind::kCancelled, event, event.deal_cancelled(),
                       event.deal_cancelled().cancelled_on());
    case v1::Event::kPipelineUpdated:
      return PipelineFact(event, numbers);
    case v1::Event::kCreditSplit:
      return SplitFact(event, numbers);
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("event ", event.position(), " is not about a deal"));
  }
}

}  // namespace

bool IsOfTheLedger(absl::string_view attribute) {
  return attribute == "source" || attribute == "amount" || attribute == "currency";
}

absl::StatusOr<DealFact> DealFactOf(const v1::Event& event, const Numbering& numbers) {
  ASSIGN_OR_RETURN(DealFact fact, FactOf(event, numbers));
  fact.position = event.position();
  // Maps have no order of their own; the projection's content must have one.
  std::sort(fact.attributes.begin(), fact.attributes.end(),
            [](const DealAttribute& a, const DealAttribute& b) { return a.name < b.name; });
  return fact;
}

std::vector<Date> StatedDates(const DealFacts& deal) {
  std::vector<Date> dates;
  for (const DealFact& fact : deal.facts) {
    if (fact.kind == DealFact::Kind::kSplit || fact.kind == DealFact::Kind::kVoid ||
        fact.kind == DealFact::Kind::kPipeline) {
      continue;
    }
    dates.push_back(fact.date);
    if (fact.booked_on.has_value()) dates.push_back(*fact.booked_on);
  }
  return dates;
}

}  // namespace payfold
