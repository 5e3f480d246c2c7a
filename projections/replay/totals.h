// The sum of many differences: how much, for how many, and how it is spread.

#ifndef PROJECTIONS_REPLAY_TOTALS_H_
#define PROJECTIONS_REPLAY_TOTALS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/replay_service.pb.h"

namespace payfold {

// A histogram has at most so many buckets.
inline constexpr int kHistogramBuckets = 20;

// Adds up rows of money, participant by participant: all of one come together.
class DifferenceTotals {
 public:
  // Errors: kOutOfRange if a total does not fit.
  absl::Status Add(absl::string_view currency, int64_t before, int64_t after);
  // After the last of a participant's.
  void EndParticipant();
  absl::Status AddTrueUp(absl::string_view currency, int64_t minor_units);

  // By currency. `participants` are those who were compared, evaluated or not.
  std::vector<v1::ReplayTotal> Finish(uint64_t participants) const;

 private:
  struct Total {
    int64_t before = 0, after = 0, true_ups = 0;
    std::vector<int64_t> changes;  // of each participant who has more or less
    int64_t change = 0;            // of the participant so far
  };

  std::map<std::string, Total, std::less<>> totals_;
};

// Buckets of one round width (1, 2 or 5 times a power of ten, in minor units) that
// hold all `changes`, from the lowest to the highest that is not empty.
std::vector<v1::HistogramBucket> HistogramOf(std::vector<int64_t> changes);

}  // namespace payfold

#endif  // PROJECTIONS_REPLAY_TOTALS_H_
