// The standard company: a made-up seller of any size, on which speed is measured.
//
//   StandardCompany company({.deals = 5'000'000});
//   for (int64_t i = 0; i < company.event_count(); ++i) Append(company.EventAt(i));
//
// N deals over the 24 months of 2024 and 2025, spread evenly, in order of their
// days; log-normal amounts (median 4,400.00); 30% of the deals split 70/20/10
// between three people of one team, the rest credited to one; N / 500 sellers (a
// multiple of ten) in teams of 10 under three levels of managers (a team, ten
// teams, a hundred teams); a quota for each seller and month; one plan with
// marginal bands on monthly attainment (5% to 100%, 8% to 150%, 12% above).
//
// Everything is computed from its index and the seed in integers: any event can
// be had alone, by any thread, and is the same on every machine.
//
// Source: specification, performance.

#ifndef TOOLS_WORKLOAD_STANDARD_COMPANY_H_
#define TOOLS_WORKLOAD_STANDARD_COMPANY_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "ledger/calendar/date.h"
#include "payfold/v1/event.pb.h"
#include "payfold/v1/plan.pb.h"

namespace payfold {

// Immutable; share freely between threads.
class StandardCompany {
 public:
  static constexpr int kMonths = 24;

  struct Options {
    int64_t deals = 50'000;  // at least 1
    uint64_t seed = 1;
  };

  struct Share {
    int64_t seller = 0;  // from 0
    int percent = 0;
  };

  struct Deal {
    Date booked_on;
    int64_t cents = 0;
    int share_count = 0;          // 1 or 3
    std::array<Share, 3> shares;  // the owner first
  };

  explicit StandardCompany(const Options& options);

  int64_t deal_count() const { return deals_; }
  int64_t seller_count() const { return sellers_; }
  // Sellers and managers.
  int64_t participant_count() const { return sellers_ + managers_; }
  // The plan, the participants, the quotas; then a booking and a split for each
  // deal.
  int64_t reference_event_count() const { return 1 + participant_count() + sellers_ * kMonths; }
  int64_t event_count() const { return reference_event_count() + 2 * deals_; }

  // The event at a place in the order of delivery. REQUIRES: 0 <= index < event_count().
  v1::Event EventAt(int64_t index) const;

  // REQUIRES: 0 <= deal < deal_count(), 0 <= seller < seller_count(),
  // 0 <= month < kMonths.
  Deal DealAt(int64_t deal) const;
  // In cents.
  int64_t QuotaAt(int64_t seller, int month) const;
  v1::Plan Plan() const;

  static std::string DealId(int64_t deal);
  static std::string SellerId(int64_t seller);
  // "2024-01" for 0.
  static std::string MonthLabel(int month);

  // Writes the same facts as tables for peers into a folder: participants.csv
  // (participant_id,role,team,manager_id), quotas.csv
  // (participant_id,period,cents), deals.csv (deal_id,booked_on,cents) and
  // splits.csv (deal_id,participant_id,share). Errors: kUnavailable if a file
  // cannot be written.
  absl::Status WriteCsv(const std::string& folder) const;

 private:
  struct Participant {
    std::string id;
    std::string role;     // "seller", "manager"
    std::string team;     // of a seller and a team's manager
    std::string manager;  // empty at the top
  };
  // Sellers first, then managers from the lowest level up.
  Participant ParticipantAt(int64_t index) const;
  v1::Event ParticipantEvent(int64_t index) const;
  v1::Event QuotaEvent(int64_t index) const;
  v1::Event BookingEvent(int64_t deal) const;
  v1::Event SplitEvent(int64_t deal) const;

  int64_t deals_;
  uint64_t seed_;
  int64_t sellers_;
  std::array<int64_t, 3> level_sizes_;  // managers of a team, of ten, of a hundred
  int64_t managers_;
};

}  // namespace payfold

#endif  // TOOLS_WORKLOAD_STANDARD_COMPANY_H_
