#include "projections/replay/totals.h"

#include <algorithm>

#include "absl/numeric/int128.h"
#include "projections/statements/settlement_sum.h"

namespace payfold {
namespace {

// The bucket of an amount: rounded down.
absl::int128 BucketOf(int64_t amount, absl::int128 width) {
  absl::int128 bucket = amount / width;
  if (amount < 0 && bucket * width != amount) --bucket;
  return bucket;
}

// The next of 1, 2, 5, 10, 20, 50, …
absl::int128 NextWidth(absl::int128 width) {
  absl::int128 power = 1;
  while (power * 10 <= width) power *= 10;
  return width == power ? power * 2 : width == power * 2 ? power * 5 : power * 10;
}

int64_t Clamped(absl::int128 amount) {
  return static_cast<int64_t>(std::clamp<absl::int128>(amount, INT64_MIN, INT64_MAX));
}

}  // namespace

absl::Status DifferenceTotals::Add(absl::string_view currency, int64_t before, int64_t after) {
  auto at = totals_.find(currency);
  if (at == totals_.end()) at = totals_.try_emplace(std::string(currency)).first;
  Total& total = at->second;
  if (const absl::Status status = AddMinorUnits(before, &total.before); !status.ok()) return status;
  if (const absl::Status status = AddMinorUnits(after, &total.after); !status.ok()) return status;
  int64_t change = 0;
  if (__builtin_sub_overflow(after, before, &change)) {
    return absl::OutOfRangeError("a difference does not fit in 64 bits of minor units");
  }
  return AddMinorUnits(change, &total.change);
}

void DifferenceTotals::EndParticipant() {
  for (auto& [currency, total] : totals_) {
    if (total.change != 0) total.changes.push_back(total.change);
    total.change = 0;
  }
}

absl::Status DifferenceTotals::AddTrueUp(absl::string_view currency, int64_t minor_units) {
  return AddMinorUnits(minor_units, &totals_[std::string(currency)].true_ups);
}

std::vector<v1::ReplayTotal> DifferenceTotals::Finish(uint64_t participants) const {
  std::vector<v1::ReplayTotal> list;
  for (const auto& [currency, sum] : totals_) {
    v1::ReplayTotal total;
    total.set_currency(currency);
    total.set_before_minor_units(sum.before);
    total.set_after_minor_units(sum.after);
    total.set_difference_minor_units(sum.after - sum.before);
    total.set_true_ups_minor_units(sum.true_ups);
    const auto better =
        std::count_if(sum.changes.begin(), sum.changes.end(), [](int64_t c) { return c > 0; });
    total.set_better_off(static_cast<int32_t>(better));
    total.set_worse_off(static_cast<int32_t>(sum.changes.size()) - total.better_off());
    total.set_unchanged(static_cast<int32_t>(participants - sum.changes.size()));
    for (v1::HistogramBucket& bucket : HistogramOf(sum.changes)) {
      *total.add_histogram() = std::move(bucket);
    }
    list.push_back(std::move(total));
  }
  return list;
}

std::vector<v1::HistogramBucket> HistogramOf(std::vector<int64_t> changes) {
  std::vector<v1::HistogramBucket> buckets;
  if (changes.empty()) return buckets;
  std::sort(changes.begin(), changes.end());
  absl::int128 width = 1;
  while (BucketOf(changes.back(), width) - BucketOf(changes.front(), width) >= kHistogramBuckets) {
    width = NextWidth(width);
  }
  absl::int128 at = BucketOf(changes.front(), width);
  const absl::int128 last = BucketOf(changes.back(), width);
  for (auto change = changes.begin(); at <= last; ++at) {
    v1::HistogramBucket& bucket = buckets.emplace_back();
    bucket.set_from_minor_units(Clamped(at * width));
    bucket.set_to_minor_units(Clamped((at + 1) * width));
    int32_t count = 0;
    for (; change != changes.end() && BucketOf(*change, width) == at; ++change) ++count;
    bucket.set_participants(count);
  }
  return buckets;
}

}  // namespace payfold
