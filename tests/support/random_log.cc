#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "ledger/base/check.h"
#include "tests/support/random_company.h"
#include "tests/support/random_source.h"

namespace payfold_testing {
namespace {

namespace v1 = ::payfold::v1;

using Log = std::vector<v1::Event>;

// The stream that the payload names; of a void that of the fact it voids.
std::string StreamOf(const v1::Event& event, const std::map<std::string, std::string>& known) {
  using absl::StrCat;
  switch (event.payload_case()) {
    case v1::Event::kParticipantChanged:
      return StrCat("participants/", event.participant_changed().participant_id());
    case v1::Event::kDealBooked:
      return StrCat("deals/", event.deal_booked().deal_id());
    case v1::Event::kDealAmended:
      return StrCat("deals/", event.deal_amended().deal_id());
    case v1::Event::kDealCancelled:
      return StrCat("deals/", event.deal_cancelled().deal_id());
    case v1::Event::kPipelineUpdated:
      return StrCat("deals/", event.pipeline_updated().deal_id());
    case v1::Event::kDealInvoiced:
      return StrCat("deals/", event.deal_invoiced().deal_id());
    case v1::Event::kPaymentCollected:
      return StrCat("deals/", event.payment_collected().deal_id());
    case v1::Event::kGoalChosen:
      return StrCat("participants/", event.goal_chosen().participant_id());
    case v1::Event::kOpeningBalance:
      return StrCat("participants/", event.opening_balance().participant_id());
    case v1::Event::kAdjustmentPosted:
      return StrCat("participants/", event.adjustment_posted().participant_id());
    case v1::Event::kCreditSplit:
      return StrCat("deals/", event.credit_split().deal_id());
    case v1::Event::kSplitPolicySet:
      return "splits";
    case v1::Event::kMetricRecorded:
      return StrCat("metrics/", event.metric_recorded().metric(), "/",
                    event.metric_recorded().participant_id());
    case v1::Event::kQuotaSet:
      return StrCat("quotas/", event.quota_set().metric(), "/", event.quota_set().subject(), "/",
                    event.quota_set().period());
    case v1::Event::kFxRateSet:
      return StrCat("rates/", event.fx_rate_set().base(), "/", event.fx_rate_set().quote());
    case v1::Event::kPlanPublished:
      return StrCat("plans/", event.plan_published().plan().plan_id());
    case v1::Event::kPlanRetired:
      return StrCat("plans/", event.plan_retired().plan_id());
    case v1::Event::kPlanAssigned:
      return StrCat("plans/", event.plan_assigned().plan_id());
    case v1::Event::kStatementPosted:
      return StrCat("periods/", event.statement_posted().statement().period());
    case v1::Event::kPeriodClosed:
      return StrCat("periods/", event.period_closed().period());
    case v1::Event::kPeriodApproved:
      return StrCat("periods/", event.period_approved().period());
    case v1::Event::kPaymentRecorded:
      return StrCat("periods/", event.payment_recorded().period());
    case v1::Event::kDisputeOpened:
      return StrCat("participants/", event.dispute_opened().participant_id());
    case v1::Event::kDisputeResolved:
      return StrCat("participants/", event.dispute_resolved().participant_id());
    case v1::Event::kFactVoided: {
      const auto fact = known.find(event.fact_voided().event_id());
      return fact != known.end() ? fact->second : StrCat("voids/", event.fact_voided().event_id());
    }
    default:
      return "ledger";
  }
}

// A deal is booked again only after its booking was voided.
bool IsAdmissible(const Log& events) {
  std::set<std::string> voided;
  std::map<std::string, std::string> booked_by;  // deal to event
  for (const v1::Event& event : events) {
    if (event.has_fact_voided()) voided.insert(event.fact_voided().event_id());
    if (!event.has_deal_booked()) continue;
    std::string& booking = booked_by[event.deal_booked().deal_id()];
    if (!booking.empty() && voided.count(booking) == 0) return false;
    booking = event.event_id();
  }
  return true;
}

// Events of deals that are booked more than once: their voids do not move.
std::set<std::string> BookedAgain(const Log& events) {
  std::map<std::string, std::vector<std::string>> bookings;
  for (const v1::Event& event : events) {
    if (event.has_deal_booked()) {
      bookings[event.deal_booked().deal_id()].push_back(event.event_id());
    }
  }
  std::set<std::string> again;
  for (const auto& [deal, ids] : bookings) {
    if (ids.size() > 1) again.insert(ids.begin(), ids.end());
  }
  return again;
}

class Shrinker {
 public:
  Shrinker(Log events, const std::function<bool(const Log&)>& fails)
      : events_(std::move(events)), fails_(fails) {}

  Log Run() {
    bool smaller = true;
    while (smaller) {
      smaller = DropEvents();
      smaller = ClearParts() || smaller;
    }
    return events_;
  }

 private:
  bool Accept(Log candidate) {
    WriteEnvelopes(&candidate);
    if (!IsAdmissible(candidate) || !fails_(candidate)) return false;
    events_ = std::move(candidate);
    return true;
  }

  bool DropEvents() {
    bool smaller = false;
    for (size_t size = std::max<size_t>(1, events_.size() / 2); size > 0; size /= 2) {
      for (size_t first = 0; first < events_.size();) {
        Log candidate;
        for (size_t i = 0; i < events_.size(); ++i) {
          const bool drop = first <= i && i < first + size && !events_[i].has_ledger_configured();
          if (!drop) candidate.push_back(events_[i]);
        }
        if (candidate.size() < events_.size() && Accept(std::move(candidate))) {
          smaller = true;
        } else {
          first += size;
        }
      }
    }
    return smaller;
  }

  // Drops components of plans, then fields that may be missing.
  bool ClearParts() {
    bool smaller = false;
    for (size_t i = 0; i < events_.size(); ++i) {
      if (events_[i].has_plan_published()) {
        for (int c = events_[i].plan_published().plan().components_size() - 1; c >= 0; --c) {
          Log candidate = events_;
          auto* components =
              candidate[i].mutable_plan_published()->mutable_plan()->mutable_components();
          if (components->size() == 1) break;
          components->DeleteSubrange(c, 1);
          smaller = Accept(std::move(candidate)) || smaller;
        }
      } else if (events_[i].has_deal_booked()) {
        smaller = ClearDeal(i) || smaller;
      }
    }
    return smaller;
  }

  bool ClearDeal(size_t i) {
    Log candidate = events_;
    v1::DealBooked plain;
    const v1::DealBooked& fact = events_[i].deal_booked();
    plain.set_deal_id(fact.deal_id());
    *plain.mutable_amount() = fact.amount();
    plain.set_booked_on(fact.booked_on());
    plain.set_owner_id(fact.owner_id());
    if (plain.ByteSizeLong() == fact.ByteSizeLong()) return false;
    *candidate[i].mutable_deal_booked() = plain;
    return Accept(std::move(candidate));
  }

  Log events_;
  const std::function<bool(const Log&)>& fails_;
};

}  // namespace

void WriteEnvelopes(Log* events) {
  constexpr int64_t kStart = 1'767'225'600;  // 2026-01-01T00:00:00Z
  std::map<std::string, std::string> stream_of;
  std::map<std::string, uint64_t> versions;
  uint64_t position = 0;
  for (v1::Event& event : *events) {
    event.set_position(++position);
    event.mutable_recorded_at()->set_seconds(kStart + static_cast<int64_t>(position));
    event.set_stream(StreamOf(event, stream_of));
    event.set_stream_version(++versions[event.stream()]);
    stream_of[event.event_id()] = event.stream();
  }
}

Log Interleave(uint64_t seed, const Log& events) {
  RandomSource random(seed);
  const std::set<std::string> fixed = BookedAgain(events);
  std::map<std::string, std::string> stream_of;
  for (const v1::Event& event : events) stream_of[event.event_id()] = event.stream();
  // Choosing the next stream by its number of events left makes all orders
  // equally likely: shuffle the streams' names, then deal each stream out in order.
  std::vector<std::string> order;
  std::map<std::string, std::vector<const v1::Event*>> streams;
  for (const v1::Event& event : events) {
    std::string stream = event.stream();
    if (event.has_fact_voided() && fixed.count(event.fact_voided().event_id()) > 0) {
      stream = stream_of[event.fact_voided().event_id()];
    }
    order.push_back(stream);
    streams[stream].push_back(&event);
  }
  random.Shuffle(&order);
  std::map<std::string, size_t> next;
  Log shuffled;
  for (const std::string& stream : order) shuffled.push_back(*streams[stream][next[stream]++]);
  WriteEnvelopes(&shuffled);
  return shuffled;
}

Log AsSent(Log events) {
  for (v1::Event& event : events) {
    event.clear_actor();
    event.clear_position();
    event.clear_recorded_at();
    event.clear_stream();
    event.clear_stream_version();
    if (event.has_fact_voided()) event.mutable_fact_voided()->set_reason("a mistake");
  }
  return events;
}

Log Shrink(Log events, const std::function<bool(const Log&)>& fails) {
  return Shrinker(std::move(events), fails).Run();
}

std::string ToJsonLines(const Log& events) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  for (const v1::Event& event : AsSent(events)) {
    std::string json;
    CHECK(google::protobuf::util::MessageToJsonString(event, &json, options).ok());
    absl::StrAppend(&text, json, "\n");
  }
  return text;
}

}  // namespace payfold_testing
