#include "projections/statements/pipeline.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "projections/statements/lookup.h"

namespace payfold {
namespace {

bool Names(const DealFacts& facts, const Opportunity& open, uint32_t participant) {
  if (participant == kNobody || open.owner == participant) return true;
  const auto is_one = [participant](const auto& part) { return part.participant == participant; };
  return std::any_of(open.members.begin(), open.members.end(), is_one) ||
         std::any_of(facts.facts.begin(), facts.facts.end(), [&](const DealFact& fact) {
           return std::any_of(fact.shares.begin(), fact.shares.end(), is_one);
         });
}

// What the deal lacks for a forecast; empty if nothing.
std::string WhatItLacks(const DealFacts& facts, const Opportunity& open,
                        const SplitPolicies& policies) {
  if (!open.amount.has_value()) {
    return open.expected_on.has_value() ? "it has no amount"
                                        : "it has no amount and no expected date";
  }
  if (!open.expected_on.has_value()) return "it has no expected date";
  if (!ResolveDeal(WithBooking(facts, open, *open.amount), policies).shares.empty()) return "";
  return "nobody would be credited: it has no split, no members that a split policy matches and "
         "no owner";
}

absl::StatusOr<OpenDeal> OpenDealOf(uint32_t stream, const Deal& deal) {
  const Opportunity& from = *deal.opportunity;
  OpenDeal open;
  open.stream = stream;
  open.deal_id = deal.deal_id;
  open.position = from.position;
  open.expected_on = *from.expected_on;
  open.amount = *from.amount;
  open.currency = from.currency;
  open.probability = from.probability;
  open.expected = open.amount;
  if (open.probability.has_value()) {
    ASSIGN_OR_RETURN(
        open.expected,
        (Rational(open.amount) * Rational(*open.probability)).Round(Rounding::kHalfUp));
  }
  return open;
}

}  // namespace

absl::StatusOr<Pipeline> ReadPipeline(const FactsView& view, uint32_t participant) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> streams,
                   view.facts().Marked(FactReader::Mark::kPipeline));
  Pipeline pipeline;
  for (uint32_t stream : streams) {
    ASSIGN_OR_RETURN(const DealFacts facts, view.GetDealFacts(stream));
    const Deal deal = ResolveDeal(facts, *view.reference().policies);
    const std::string lacks = WhatItLacks(facts, *deal.opportunity, *view.reference().policies);
    if (lacks.empty()) {
      ASSIGN_OR_RETURN(OpenDeal open, OpenDealOf(stream, deal));
      pipeline.deals.push_back(std::move(open));
      continue;
    }
    if (!Names(facts, *deal.opportunity, participant)) continue;
    v1::LeftOutDeal left_out;
    left_out.set_deal_id(deal.deal_id);
    left_out.set_position(deal.opportunity->position);
    left_out.set_reason(lacks);
    pipeline.lacks.push_back(std::move(left_out));
  }
  std::sort(pipeline.deals.begin(), pipeline.deals.end(), [](const OpenDeal& a, const OpenDeal& b) {
    return std::tie(a.expected_on, a.deal_id) < std::tie(b.expected_on, b.deal_id);
  });
  std::sort(
      pipeline.lacks.begin(), pipeline.lacks.end(),
      [](const v1::LeftOutDeal& a, const v1::LeftOutDeal& b) { return a.deal_id() < b.deal_id(); });
  return pipeline;
}

absl::StatusOr<OpenDeal> FindOpenDeal(const FactsView& view, absl::string_view deal_id) {
  ASSIGN_OR_RETURN(const FoundDeal found, FindDealFacts(view, deal_id));
  const Deal deal = ResolveDeal(found.facts, *view.reference().policies);
  if (!deal.opportunity.has_value()) {
    return absl::FailedPreconditionError(
        absl::StrCat("deal ", Quote(deal_id), " is not open: ",
                     deal.booked ? "it is booked, and what it earns is on the statements"
                                 : "its last pipeline entry is LOST, or there is none"));
  }
  const std::string lacks = WhatItLacks(found.facts, *deal.opportunity, *view.reference().policies);
  if (!lacks.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("deal ", Quote(deal_id), " cannot be forecast: ", lacks,
                     "; append a PipelineUpdated with what is missing"));
  }
  return OpenDealOf(found.stream, deal);
}

}  // namespace payfold
