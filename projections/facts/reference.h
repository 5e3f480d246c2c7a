// The reference: every fact that is not about one deal, held in memory. People,
// plans, quotas, split policies, exchange rates, the ledger's calendar.
//
// A Reference that readers share never changes; the fold changes its own copy,
// which is cheap: parts are shared until they are written.

#ifndef PROJECTIONS_FACTS_REFERENCE_H_
#define PROJECTIONS_FACTS_REFERENCE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/calendar/period.h"
#include "ledger/money/currency.h"
#include "ledger/money/decimal.h"
#include "ledger/money/rational.h"
#include "payfold/v1/event.pb.h"
#include "projections/facts/closes.h"
#include "projections/facts/org.h"
#include "projections/facts/plan_history.h"
#include "projections/facts/split_policies.h"

namespace payfold {

// A part that copies of a Reference share until one of them writes to it.
template <typename T>
class Shared {
 public:
  const T& operator*() const { return *part_; }
  const T* operator->() const { return part_.get(); }
  // Readers of copies made before see nothing of the change.
  T& Mutable() {
    if (lent_) part_ = std::make_shared<T>(*part_);
    lent_ = false;
    return *part_;
  }
  // To be called on a part that has been copied.
  void Lend() { lent_ = true; }

 private:
  std::shared_ptr<T> part_ = std::make_shared<T>();
  bool lent_ = false;
};

struct LedgerConfiguration {
  std::string base_currency;
  int fiscal_year_start_month = 1;
  PayoutPeriod payout_period = PayoutPeriod::kMonth;
  Date payout_anchor;
  uint64_t position = 0;
};

struct Quota {
  Decimal value;  // minor units for money
  uint64_t position = 0;
};

// (metric, subject, label of the period) to the last quota.
using Quotas = std::map<std::tuple<std::string, std::string, std::string>, Quota>;

struct ExchangeRate {
  Date from;
  uint64_t position = 0;
  Decimal rate;
};

// (base, quote) to rates in order of (from, position).
using ExchangeRates = std::map<std::pair<std::string, std::string>, std::vector<ExchangeRate>>;

struct PostedAdjustment {
  uint64_t position = 0;
  std::string adjustment_id;
  uint32_t participant = kNobody;
  std::string period;
  int64_t amount = 0;
  std::string currency;
  std::string plan_id;
};

// A goal chosen for all of a measurement period.
struct ChosenGoal {
  std::string goal_id;
  uint64_t position = 0;
};

// (participant, plan id, component id, label of the period) to the last choice.
using Goals = std::map<std::tuple<uint32_t, std::string, std::string, std::string>, ChosenGoal>;

// What a migration brought in.
struct Opening {
  enum class Kind { kPayable, kDraw, kHeld };
  uint64_t position = 0;
  uint32_t participant = kNobody;
  Date as_of;
  Kind kind = Kind::kPayable;
  int64_t amount = 0;  // minor units
  std::string currency;
  std::string deal_id;  // kHeld: its payments release it
};

// That a fact of no deal was wrong altogether: the fact itself is gone.
struct StatedVoid {
  uint64_t position = 0;
  std::string stream;  // of the fact
};

using PlanBook = std::map<std::string, PlanHistory>;

struct Reference {
  std::optional<LedgerConfiguration> configuration;
  Shared<Org> org;
  Shared<PlanBook> plans;
  Shared<Quotas> quotas;
  Shared<SplitPolicies> policies;
  Shared<ExchangeRates> rates;
  Shared<std::vector<PostedAdjustment>> adjustments;
  Shared<Goals> goals;
  Shared<std::vector<Opening>> openings;  // in order of position
  Shared<Closes> closes;
  Shared<Payments> payments;
  Shared<Disputes> disputes;
  Shared<std::vector<StatedVoid>> voids;  // in order of position
  // Ids of facts voided before they arrived, with the position of the void.
  Shared<std::map<std::string, uint64_t>> waiting_voids;
  // For each day the number of deals whose latest fact has that date, and of
  // metrics of that day. A past moment may know only the latest of these days here,
  // and all of them in its tables.
  Shared<std::map<Date, int64_t>> last_days;

  Calendar calendar() const {
    return Calendar(configuration ? configuration->fiscal_year_start_month : 1);
  }
  // REQUIRES: configuration.
  Period PayoutPeriodOf(Date d) const;
  // The date of the latest dated fact; Date::Min() if there is none.
  Date LastFactDate() const;

  // Takes in an event that is not about a deal; others only name participants.
  // `numbers` gives the dense number of each id the event names.
  // Errors: kDataLoss if the event is not what admission lets in.
  absl::Status Apply(const v1::Event& event, const Numbering& numbers);

  // A copy for readers; parts are shared.
  std::shared_ptr<const Reference> Publish();
};

// How much of a minor unit of `to` one minor unit of `from` is worth on a day:
// the direct rate, else 1 / the inverse, else crossed through the base currency.
// Errors: kNotFound if there is no rate, naming what is missing.
absl::StatusOr<Rational> MinorUnitFactor(const Reference& reference, Currency from, Currency to,
                                         Date d);

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_REFERENCE_H_
