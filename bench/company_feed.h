// The standard company as benches deliver it, to Payfold and to its peers: the
// same events in the same batches.

#ifndef BENCH_COMPANY_FEED_H_
#define BENCH_COMPANY_FEED_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "payfold/v1/event.pb.h"
#include "tools/workload/standard_company.h"

namespace payfold {

// Immutable; share freely between threads.
class CompanyFeed {
 public:
  static constexpr int64_t kBatchEvents = 1'000;

  explicit CompanyFeed(int64_t deals) : company_({.deals = deals}) {}

  const StandardCompany& company() const { return company_; }
  // The ledger's configuration and all events of the company.
  int64_t event_count() const { return 1 + company_.event_count(); }

  // Batches of people, quotas and the plan come first; each batch after them holds
  // whole deals, so that these may be appended in any order.
  int64_t reference_batch_count() const;
  int64_t batch_count() const;
  // REQUIRES: 0 <= batch < batch_count().
  std::vector<v1::Event> BatchAt(int64_t batch) const;

  // Bookings and splits, in turn, of deals that are in no batch.
  int64_t single_event_count() const { return 2 * company_.deal_count(); }
  // REQUIRES: 0 <= index < single_event_count().
  v1::Event SingleEventAt(int64_t index) const;

 private:
  // In order of delivery; the configuration is the first.
  v1::Event EventAt(int64_t index) const;

  StandardCompany company_;
};

// An event as a row of a table, with the bytes that Payfold would store.
struct EventRow {
  std::string event_id;
  std::string stream;
  int32_t version = 0;
  int32_t kind = 0;
  int64_t recorded_at_micros = 0;  // Since the Unix epoch.
  std::string payload;
};
absl::StatusOr<EventRow> ToRow(const v1::Event& event, int64_t position);

}  // namespace payfold

#endif  // BENCH_COMPANY_FEED_H_
