#include "projections/runtime/prefix_deals.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "ledger/base/status_macros.h"
#include "projections/facts/derive_deal.h"
#include "projections/facts/run_parallel.h"

namespace payfold {
namespace {

constexpr uint32_t kDealsBetweenTurns = 256;

absl::Status DamagedDeals() {
  return absl::DataLossError("a deal's stream does not begin with a fact about it");
}

// Calls `use(index in the shard, encoded)` for each record of the shard.
template <typename Use>
void ForEachRecord(uint32_t shard, const std::vector<ScannedPiece>& pieces, const Use& use) {
  for (const ScannedPiece& piece : pieces) {
    if (shard >= piece.deals.size()) continue;
    absl::string_view bytes = piece.deals[shard].bytes;
    for (const DealRecords::Record& record : piece.deals[shard].records) {
      use(record.stream % kStreamsPerShard, bytes.substr(0, record.size));
      bytes.remove_prefix(record.size);
    }
  }
}

// The deals' facts by stream, from the first of the shard on, as they were scanned.
PackedDeals Join(uint32_t shard, std::vector<ScannedPiece>* pieces) {
  PackedDeals deals;
  std::vector<size_t>& ends = deals.ends;
  ForEachRecord(shard, *pieces, [&](size_t i, absl::string_view encoded) {
    if (i >= ends.size()) ends.resize(i + 1);
    ends[i] += encoded.size();
  });
  size_t size = 0;
  for (size_t& end : ends) size += std::exchange(end, size);  // Where its next record goes.
  deals.bytes.resize(size);
  ForEachRecord(shard, *pieces, [&](size_t i, absl::string_view encoded) {
    std::memcpy(&deals.bytes[ends[i]], encoded.data(), encoded.size());
    ends[i] += encoded.size();
  });
  for (ScannedPiece& piece : *pieces) {
    if (shard < piece.deals.size()) piece.deals[shard] = DealRecords();
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

// The deals with the voids `at` to `end`, all of the shard, in their places.
absl::StatusOr<PackedDeals> WithVoids(const PackedDeals& deals, uint32_t first_stream,
                                      const DealVoid* at, const DealVoid* end) {
  PackedDeals voided;
  for (size_t i = 0; i < deals.size(); ++i) {
    const auto is_later = [=](const DealVoid& deal) { return deal.stream > first_stream + i; };
    const DealVoid* const next = std::find_if(at, end, is_later);
    std::string encoded(deals.Get(i));
    if (at != next && encoded.empty()) return DamagedDeals();
    if (at != next) RETURN_IF_ERROR(InsertVoids(at, next, &encoded));
    at = next;
    voided.bytes += encoded;
    voided.ends.push_back(voided.bytes.size());
  }
  if (at != end) return DamagedDeals();
  return voided;
}

void AddDerived(uint32_t stream, const DerivedDeal& derived, FoldedShard* folded) {
  if (derived.has_issues) folded->issues.push_back(stream);
  if (derived.by_policy) folded->by_policy.push_back(stream);
  if (derived.is_open) folded->open.push_back(stream);
  for (uint32_t participant : derived.taken_from) folded->taken.emplace_back(participant, stream);
  if (derived.last_day() != Date::Min()) ++folded->last_days[derived.last_day()];
  folded->latest_days.AddAll(derived.last_days);
  for (const auto& credit : derived.credits) {
    folded->credits[credit.first % kParticipantGroups].push_back(credit);
  }
}

}  // namespace

absl::StatusOr<FoldedShard> FoldShard(uint32_t shard, std::vector<ScannedPiece>* pieces,
                                      const std::vector<DealVoid>& voids,
                                      const SplitPolicies& policies) {
  FoldedShard folded;
  folded.deals = Join(shard, pieces);
  const uint32_t first = shard * kStreamsPerShard;
  const auto lies_before = [](const DealVoid& deal, uint64_t stream) {
    return deal.stream < stream;
  };
  const auto begin = std::lower_bound(voids.begin(), voids.end(), first, lies_before);
  const auto end =
      std::lower_bound(begin, voids.end(), uint64_t{first} + kStreamsPerShard, lies_before);
  if (begin != end) {
    ASSIGN_OR_RETURN(folded.deals,
                     WithVoids(folded.deals, first, &*begin, &*begin + (end - begin)));
  }
  folded.credits.resize(kParticipantGroups);
  PlainDealDeriver plain;
  DerivedDeal derived;
  for (uint32_t i = 0; i < folded.deals.size(); ++i) {
    if (i % kDealsBetweenTurns == 0) Background::TakeTurns();
    const absl::string_view encoded = folded.deals.Get(i);
    if (encoded.empty()) continue;
    if (!plain.Derive(first + i, encoded, &derived)) {
      ASSIGN_OR_RETURN(const DealFacts facts, DecodeDealFacts(encoded));
      if (facts.deal_id.empty()) return DamagedDeals();
      derived = DeriveDeal(first + i, facts, policies);
    }
    AddDerived(first + i, derived, &folded);
  }
  return folded;
}

void GatherCredits(uint32_t group, std::vector<FoldedShard>* shards,
                   std::vector<std::vector<Credit>>* credits) {
  std::vector<size_t> counts(credits->size() / kParticipantGroups + 1);
  for (const FoldedShard& shard : *shards) {
    for (const auto& [participant, credit] : shard.credits[group]) {
      ++counts[participant / kParticipantGroups];
    }
  }
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] != 0) (*credits)[i * kParticipantGroups + group].reserve(counts[i]);
  }
  for (FoldedShard& shard : *shards) {
    const std::vector<std::pair<uint32_t, Credit>> taken = std::move(shard.credits[group]);
    for (const auto& [participant, credit] : taken) (*credits)[participant].push_back(credit);
  }
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    std::vector<Credit>& all = (*credits)[i * kParticipantGroups + group];
    if (!std::is_sorted(all.begin(), all.end())) std::sort(all.begin(), all.end());
  }
}

}  // namespace payfold
