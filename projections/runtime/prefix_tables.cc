#include "projections/runtime/prefix_tables.h"

#include <algorithm>

#include "absl/types/span.h"
#include "ledger/base/status_macros.h"
#include "projections/runtime/prefix_scan.h"

namespace payfold {
namespace {

Date FirstDayOf(int32_t month) { return Date::Of(month / 12, month % 12 + 1, 1); }

// Those of `credits`, which are in order, that are dated before a month.
absl::Span<const Credit> Before(int32_t month, absl::Span<const Credit> credits) {
  const auto end =
      std::partition_point(credits.begin(), credits.end(),
                           [first = FirstDayOf(month)](const Credit& c) { return c.date < first; });
  return credits.first(static_cast<size_t>(end - credits.begin()));
}

}  // namespace

absl::StatusOr<std::string> PrefixTables::GetDeal(uint32_t stream) const {
  const size_t shard = stream / kStreamsPerShard;
  if (shard >= deals_.size()) return std::string();
  return std::string(deals_[shard].Get(stream % kStreamsPerShard));
}

absl::StatusOr<std::vector<Credit>> PrefixTables::GetCredits(uint32_t participant,
                                                             int32_t month) const {
  std::vector<Credit> credits;
  RETURN_IF_ERROR(ReadCredits(participant, month, month, &credits));
  return credits;
}

absl::Status PrefixTables::ReadCredits(uint32_t participant, int32_t first, int32_t last,
                                       std::vector<Credit>* credits) const {
  if (participant >= credits_.size()) return absl::OkStatus();
  absl::Span<const Credit> all = credits_[participant];
  all.remove_prefix(Before(first, all).size());
  all = Before(last + 1, all);
  credits->insert(credits->end(), all.begin(), all.end());
  return absl::OkStatus();
}

absl::Status PrefixTables::CopyTo(FactWriter* tables) const {
  for (size_t shard = 0; shard < deals_.size(); ++shard) {
    for (size_t i = 0; i < deals_[shard].size(); ++i) {
      const absl::string_view encoded = deals_[shard].Get(i);
      if (encoded.empty()) continue;
      RETURN_IF_ERROR(
          tables->PutDeal(static_cast<uint32_t>(shard * kStreamsPerShard + i), encoded));
    }
  }
  for (uint32_t participant = 0; participant < credits_.size(); ++participant) {
    absl::Span<const Credit> rest = credits_[participant];
    while (!rest.empty()) {
      const int32_t month = MonthOf(rest.front().date);
      const absl::Span<const Credit> of_month = Before(month + 1, rest);
      RETURN_IF_ERROR(tables->PutCredits(participant, month, of_month));
      rest.remove_prefix(of_month.size());
    }
  }
  return others_.CopyTo(tables);
}

}  // namespace payfold
