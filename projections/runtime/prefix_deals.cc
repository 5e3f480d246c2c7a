#include "projections/runtime/prefix_deals.h"

#include <algorithm>

#include "ledger/base/status_macros.h"
#include "projections/facts/fold.h"

namespace payfold {
namespace {

absl::Status Damaged() {
  return absl::DataLossError("a deal's stream does not begin with a fact about it");
}

// The deals' facts by stream, from the first of the shard on, as they were scanned.
absl::StatusOr<std::vector<std::string>> Join(uint32_t shard, std::vector<ScannedPiece>* pieces) {
  std::vector<std::string> deals(kStreamsPerShard);
  const uint32_t first = shard * kStreamsPerShard;
  for (ScannedPiece& piece : *pieces) {
    if (shard >= piece.deals.size()) continue;
    absl::string_view records = piece.deals[shard].bytes();
    uint32_t stream = 0;
    absl::string_view encoded;
    while (DealRecords::Next(&records, &stream, &encoded)) {
      deals[stream - first].append(encoded.data(), encoded.size());
    }
    if (!records.empty()) return Damaged();
    piece.deals[shard].Clear();
  }
  return deals;
}

// Puts the voids of one deal in their places.
absl::Status InsertVoids(const DealVoid* begin, const DealVoid* end, std::string* encoded) {
  ASSIGN_OR_RETURN(const DealFacts deal, DecodeDealFacts(*encoded));
  std::vector<std::pair<uint64_t, const DealFact*>> facts;
  for (const DealFact& fact : deal.facts) facts.emplace_back(fact.position, &fact);
  for (const DealVoid* at = begin; at != end; ++at) facts.emplace_back(at->after, &at->fact);
  std::stable_sort(facts.begin(), facts.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  encoded->clear();
  AppendDealId(deal.deal_id, encoded);
  for (const auto& [after, fact] : facts) AppendDealFact(*fact, encoded);
  return absl::OkStatus();
}

void AddDerived(uint32_t stream, DerivedDeal derived, FoldedShard* folded) {
  if (derived.has_issues) folded->issues.push_back(stream);
  if (derived.by_policy) folded->by_policy.push_back(stream);
  if (derived.last_day != Date::Min()) ++folded->last_days[derived.last_day];
  for (auto& credit : derived.credits) {
    folded->credits[credit.first % kParticipantGroups].push_back(std::move(credit));
  }
}

}  // namespace

absl::StatusOr<FoldedShard> FoldShard(uint32_t shard, std::vector<ScannedPiece>* pieces,
                                      const std::vector<DealVoid>& voids,
                                      const SplitPolicies& policies) {
  ASSIGN_OR_RETURN(std::vector<std::string> deals, Join(shard, pieces));
  FoldedShard folded;
  folded.credits.resize(kParticipantGroups);
  const uint32_t first = shard * kStreamsPerShard;
  const DealVoid* at = voids.data();
  const DealVoid* const end = at + voids.size();
  for (uint32_t i = 0; i < kStreamsPerShard; ++i) {
    const uint32_t stream = first + i;
    at = std::find_if(at, end, [=](const DealVoid& deal) { return deal.stream >= stream; });
    const DealVoid* const next =
        std::find_if(at, end, [=](const DealVoid& deal) { return deal.stream > stream; });
    if (deals[i].empty()) {
      if (at != next) return Damaged();
      continue;
    }
    if (at != next) RETURN_IF_ERROR(InsertVoids(at, next, &deals[i]));
    at = next;
    ASSIGN_OR_RETURN(const DealFacts facts, DecodeDealFacts(deals[i]));
    if (facts.deal_id.empty()) return Damaged();
    AddDerived(stream, DeriveDeal(stream, facts, policies), &folded);
    folded.deals.emplace_back(stream, std::move(deals[i]));
  }
  return folded;
}

GatheredCredits GatherCredits(uint32_t group, std::vector<FoldedShard>* shards) {
  GatheredCredits gathered;
  for (FoldedShard& shard : *shards) {
    std::vector<std::pair<uint32_t, Credit>> credits = std::move(shard.credits[group]);
    for (const auto& [participant, credit] : credits) {
      gathered[{participant, MonthOf(credit.date)}].push_back(credit);
    }
  }
  return gathered;
}

}  // namespace payfold
