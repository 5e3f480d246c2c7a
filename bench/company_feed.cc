#include "bench/company_feed.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/envelope.h"

namespace payfold {
namespace {

int64_t CeilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }

v1::Event Configuration() {
  v1::Event event;
  event.set_event_id("configured");
  event.set_source("standard-company");
  event.mutable_ledger_configured()->set_base_currency("USD");
  event.mutable_ledger_configured()->set_payout_period(v1::LedgerConfigured::MONTH);
  return event;
}

}  // namespace

int64_t CompanyFeed::reference_batch_count() const {
  return CeilDivide(1 + company_.reference_event_count(), kBatchEvents);
}

int64_t CompanyFeed::batch_count() const {
  return reference_batch_count() + CeilDivide(2 * company_.deal_count(), kBatchEvents);
}

std::vector<v1::Event> CompanyFeed::BatchAt(int64_t batch) const {
  CHECK(batch >= 0 && batch < batch_count());
  const int64_t reference = 1 + company_.reference_event_count();
  const int64_t deals_batch = batch - reference_batch_count();
  const bool of_deals = deals_batch >= 0;
  const int64_t begin = of_deals ? reference + deals_batch * kBatchEvents : batch * kBatchEvents;
  const int64_t end = std::min(begin + kBatchEvents, of_deals ? event_count() : reference);
  std::vector<v1::Event> events;
  for (int64_t i = begin; i < end; ++i) events.push_back(EventAt(i));
  return events;
}

v1::Event CompanyFeed::EventAt(int64_t index) const {
  return index == 0 ? Configuration() : company_.EventAt(index - 1);
}

v1::Event CompanyFeed::SingleEventAt(int64_t index) const {
  CHECK(index >= 0 && index < single_event_count());
  v1::Event event = company_.EventAt(company_.reference_event_count() + index);
  event.set_event_id(absl::StrCat("x", event.event_id()));
  std::string* deal = event.has_deal_booked() ? event.mutable_deal_booked()->mutable_deal_id()
                                              : event.mutable_credit_split()->mutable_deal_id();
  *deal = absl::StrCat("x", *deal);
  return event;
}

absl::StatusOr<EventRow> ToRow(const v1::Event& event, int64_t position) {
  constexpr int64_t kRecordedAt = 1'767'225'600'000'000;  // 2026-01-01
  EventRow row;
  row.event_id = event.event_id();
  row.stream = StreamName(event);
  row.version = event.has_credit_split() ? 2 : 1;  // a split follows its deal's booking
  row.kind = static_cast<int32_t>(KindOf(event));
  row.recorded_at_micros = kRecordedAt + position;
  AppendEnvelope(&row.payload, static_cast<uint64_t>(position), row.recorded_at_micros,
                 static_cast<uint64_t>(row.version));
  ASSIGN_OR_RETURN(const std::string body, EncodeBody(event, row.stream, "bench", "", ""));
  row.payload += body;
  return row;
}

}  // namespace payfold
