#include "projections/runtime/past_moment.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "ledger/base/status_macros.h"
#include "projections/facts/deal.h"
#include "projections/facts/derive_deal.h"
#include "projections/facts/run_parallel.h"

namespace payfold {
namespace {

// Where a stream, or a participant, first appears.
absl::StatusOr<uint64_t> FirstPosition(const EventLog& log, const EventQuery& query) {
  const std::unique_ptr<EventCursor> events = log.Read(query);
  if (events->Next()) return events->event().position;
  RETURN_IF_ERROR(events->status());
  return UINT64_MAX;
}

// How many of `count` numbers, which are given in order of first appearance, were given
// up to a position.
template <typename QueryOf>
absl::StatusOr<uint32_t> CountUpTo(const EventLog& log, uint64_t position, uint32_t count,
                                   const QueryOf& query_of) {
  uint32_t first = 0;
  while (first < count) {
    const uint32_t middle = first + (count - first) / 2;
    ASSIGN_OR_RETURN(const uint64_t appeared, FirstPosition(log, query_of(middle)));
    if (appeared <= position) {
      first = middle + 1;
    } else {
      count = middle;
    }
  }
  return first;
}

EventQuery OfStream(uint32_t stream) {
  EventQuery query;
  query.stream = stream;
  return query;
}

EventQuery OfParticipant(uint32_t participant) {
  EventQuery query;
  query.participant = participant;
  return query;
}

bool AreSame(const SplitPolicies& a, const SplitPolicies& b) {
  return std::equal(
      a.all().begin(), a.all().end(), b.all().begin(), b.all().end(),
      [](const SplitPolicy& x, const SplitPolicy& y) { return x.position == y.position; });
}

}  // namespace

absl::StatusOr<std::shared_ptr<PastMoment>> PastMoment::FromLive(const EventLog* log,
                                                                 const Moment& moment,
                                                                 const FactsView& live) {
  std::shared_ptr<PastMoment> past(new PastMoment(log, moment));
  ASSIGN_OR_RETURN(uint32_t participants, log->participant_count());
  ASSIGN_OR_RETURN(participants, CountUpTo(*log, moment.position, participants, OfParticipant));
  ASSIGN_OR_RETURN(Reference reference, LoadReferenceAt(live.facts(), moment, participants));
  past->reference_ = reference.Publish();
  ASSIGN_OR_RETURN(const uint32_t streams, log->stream_count());
  ASSIGN_OR_RETURN(past->streams_, CountUpTo(*log, moment.position, streams, OfStream));
  return past;
}

absl::StatusOr<std::shared_ptr<PastMoment>> PastMoment::FromLog(const EventLog* log,
                                                                const Moment& moment) {
  std::shared_ptr<PastMoment> past(new PastMoment(log, moment));
  RETURN_IF_ERROR(past->Fold().status());
  past->reference_ = past->folded_.reference;
  ASSIGN_OR_RETURN(const uint32_t streams, log->stream_count());
  ASSIGN_OR_RETURN(past->streams_, CountUpTo(*log, moment.position, streams, OfStream));
  return past;
}

absl::StatusOr<const PrefixTables*> PastMoment::Fold() {
  const std::unique_lock<std::mutex> lock = Background::Lock(&fold_mutex_);
  if (folded_.tables == nullptr) {
    PrefixOptions options;
    options.position = moment_.position;
    options.plans_position = moment_.plans_position;
    ASSIGN_OR_RETURN(folded_, FoldPrefix(*log_, options));
    folded_tables_.store(folded_.tables.get());
  }
  return folded_.tables.get();
}

absl::StatusOr<std::shared_ptr<const PastMoment::Deals>> PastMoment::DealsOf(
    uint32_t participant, const FactsView& live) {
  {
    const std::lock_guard<std::mutex> lock(deals_mutex_);
    const auto at = deals_.find(participant);
    if (at != deals_.end()) return at->second;
  }
  ASSIGN_OR_RETURN(Deals deals, ReadDeals(participant, live));
  credits_kept_.fetch_add(deals.credits.size());
  auto shared = std::make_shared<const Deals>(std::move(deals));
  const std::lock_guard<std::mutex> lock(deals_mutex_);
  return deals_.try_emplace(participant, std::move(shared)).first->second;
}

// Whoever was credited then is credited now, or the deal was taken from them.
absl::StatusOr<PastMoment::Deals> PastMoment::ReadDeals(uint32_t participant,
                                                        const FactsView& live) {
  const bool same_policies = AreSame(*reference_->policies, *live.reference().policies);
  std::vector<Credit> credits;
  RETURN_IF_ERROR(live.facts().ReadCredits(participant, INT32_MIN, INT32_MAX - 1, &credits));
  Deals deals;
  std::vector<uint32_t> changed;
  for (const Credit& credit : credits) {
    if (!HasStream(credit.deal)) continue;
    if (credit.last_fact <= moment_.position && (same_policies || !credit.by_policy)) {
      deals.credits.push_back(credit);
    } else {
      changed.push_back(credit.deal);
    }
  }
  std::vector<uint32_t> taken;
  RETURN_IF_ERROR(live.facts().ReadTaken(participant, &taken));
  std::copy_if(taken.begin(), taken.end(), std::back_inserter(changed),
               [this](uint32_t stream) { return HasStream(stream); });
  std::sort(changed.begin(), changed.end());
  changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
  for (uint32_t stream : changed) RETURN_IF_ERROR(AddDeal(participant, stream, live, &deals));
  deals_read_.fetch_add(changed.size());
  std::sort(deals.credits.begin(), deals.credits.end());
  return deals;
}

absl::Status PastMoment::AddDeal(uint32_t participant, uint32_t stream, const FactsView& live,
                                 Deals* deals) {
  ASSIGN_OR_RETURN(const std::string encoded, live.facts().GetDeal(stream));
  ASSIGN_OR_RETURN(const absl::string_view known, KnownFacts(encoded, moment_.position));
  if (known.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const DealFacts facts, DecodeDealFacts(known));
  const DerivedDeal derived = DeriveDeal(stream, facts, *reference_->policies);
  for (const auto& [credited, credit] : derived.credits) {
    if (credited == participant) deals->credits.push_back(credit);
  }
  const std::vector<uint32_t>& taken_from = derived.taken_from;
  if (std::binary_search(taken_from.begin(), taken_from.end(), participant)) {
    deals->taken.push_back(stream);
  }
  return absl::OkStatus();
}

}  // namespace payfold
