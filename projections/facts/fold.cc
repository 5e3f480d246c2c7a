#include "projections/facts/fold.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "ledger/admission/decide.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/load_reference.h"

namespace payfold {
namespace {

using Mark = FactReader::Mark;

constexpr absl::string_view kDeals = "deals/";
constexpr absl::string_view kMetrics = "metrics/";

uint64_t KindBits(std::initializer_list<int> kinds) {
  uint64_t bits = 0;
  for (int kind : kinds) bits |= KindBit(static_cast<uint32_t>(kind));
  return bits;
}

uint64_t DealKinds() {
  static const uint64_t kinds =
      KindBits({v1::Event::kDealBooked, v1::Event::kDealAmended, v1::Event::kDealInvoiced,
                v1::Event::kPaymentCollected, v1::Event::kDealCancelled,
                v1::Event::kPipelineUpdated, v1::Event::kCreditSplit});
  return kinds;
}

uint64_t OtherKinds() {
  static const uint64_t kinds =
      KindBits({v1::Event::kMetricRecorded, v1::Event::kFactVoided, v1::Event::kStatementPosted});
  return kinds;
}

uint64_t ReferenceKinds() {
  static const uint64_t kinds =
      KindBits({v1::Event::kLedgerConfigured, v1::Event::kParticipantChanged,
                v1::Event::kSplitPolicySet, v1::Event::kQuotaSet, v1::Event::kFxRateSet,
                v1::Event::kPlanPublished, v1::Event::kPlanRetired, v1::Event::kPlanAssigned,
                v1::Event::kGoalChosen, v1::Event::kOpeningBalance, v1::Event::kAdjustmentPosted,
                v1::Event::kPeriodClosed, v1::Event::kPeriodApproved, v1::Event::kPaymentRecorded,
                v1::Event::kDisputeOpened, v1::Event::kDisputeResolved});
  return kinds;
}

absl::Status Parse(absl::string_view bytes, uint64_t position, v1::Event* event) {
  if (event->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the stored bytes of event ", position, " are no event; run a verification"));
}

}  // namespace

bool IsDealKind(uint32_t kind) { return (DealKinds() & KindBit(kind)) != 0; }

bool IsFolded(uint32_t kind) {
  return ((DealKinds() | ReferenceKinds() | OtherKinds()) & KindBit(kind)) != 0;
}

Numbering NumbersOf(const std::vector<std::string>& ids, absl::Span<const uint32_t> numbers) {
  return [&ids, numbers](absl::string_view id) {
    for (size_t i = 0; i < ids.size() && i < numbers.size(); ++i) {
      if (ids[i] == id) return numbers[i];
    }
    return kNobody;
  };
}

DealFact VoidOf(uint64_t target, uint64_t position) {
  DealFact voided;
  voided.kind = DealFact::Kind::kVoid;
  voided.position = position;
  voided.target = target;
  return voided;
}

Fold::Fold(FactTables* tables, Reference reference, FindPosition find_position)
    : tables_(tables),
      reference_(std::move(reference)),
      find_position_(std::move(find_position)),
      policies_before_(*reference_.policies) {}

absl::Status Fold::Add(const EventView& view) {
  const bool may_be_voided = !reference_.waiting_voids->empty();
  if (!may_be_voided && ordinary_.Read(view)) return AddOrdinary(view);
  if (!IsFolded(view.kind) && view.participants.empty()) return absl::OkStatus();
  v1::Event event;
  RETURN_IF_ERROR(Parse(view.bytes, view.position, &event));
  const std::vector<std::string> ids = ParticipantsOf(event);
  RETURN_IF_ERROR(NameParticipants(ids, view.participants));
  if (view.kind == v1::Event::kFactVoided) return AddVoid(view, event);
  if (IsDealKind(view.kind)) {
    RETURN_IF_ERROR(AddDealEvent(view, event, NumbersOf(ids, view.participants)));
    if (!may_be_voided || reference_.waiting_voids->count(event.event_id()) == 0) {
      return absl::OkStatus();
    }
    return AppendFact(view.stream, "",
                      VoidOf(view.position, reference_.waiting_voids->at(event.event_id())));
  }
  if (!IsFolded(view.kind)) return absl::OkStatus();
  if (may_be_voided && IsVoidable(view.kind) &&
      reference_.waiting_voids->count(event.event_id()) != 0) {
    return absl::OkStatus();
  }
  if (view.kind == v1::Event::kMetricRecorded) {
    return AddMetric(view, event, NumbersOf(ids, view.participants));
  }
  if (view.kind == v1::Event::kStatementPosted) {
    return AddStatement(view, event, NumbersOf(ids, view.participants));
  }
  return AddReference(view, event);
}

absl::Status Fold::AddOrdinary(const EventView& view) {
  RETURN_IF_ERROR(NameParticipants(ordinary_.participants(), view.participants));
  return AppendFact(view.stream, absl::StripPrefix(ordinary_.stream(), kDeals), ordinary_.fact(),
                    view.stream_version == 1);
}

absl::Status Fold::AddStatement(const EventView& view, const v1::Event& event,
                                const Numbering& numbers) {
  v1::Statement totals = event.statement_posted().statement();
  const absl::StatusOr<Date> first_day = Date::Parse(totals.first_day());
  if (!first_day.ok()) {
    return absl::DataLossError(absl::StrCat("event ", view.position, ": the first day '",
                                            totals.first_day(),
                                            "' is not what a close writes; run a verification"));
  }
  totals.clear_lines();
  totals.clear_rewards();
  totals.clear_notes();
  totals.clear_settlement_notes();
  for (v1::PriorPeriodAdjustment& prior : *totals.mutable_prior_adjustments()) {
    prior.clear_cause();
    prior.clear_positions();
  }
  return tables_->PutPosted(numbers(totals.participant_id()),
                            {view.position, *first_day, totals.SerializeAsString()});
}

template <typename Ids>
absl::Status Fold::NameParticipants(const Ids& ids, absl::Span<const uint32_t> numbers) {
  for (size_t i = 0; i < ids.size() && i < numbers.size(); ++i) {
    if (!reference_.org->Id(numbers[i]).empty()) continue;
    reference_.org.Mutable().AddParticipant(numbers[i], ids[i]);
    RETURN_IF_ERROR(tables_->PutParticipant(numbers[i], ids[i]));
  }
  return absl::OkStatus();
}

absl::Status Fold::AddReference(const EventView& view, const v1::Event& event) {
  const std::vector<std::string> ids = ParticipantsOf(event);
  RETURN_IF_ERROR(tables_->PutReference(view.position, EncodeReference(view)));
  policies_changed_ |= view.kind == v1::Event::kSplitPolicySet;
  return reference_.Apply(event, NumbersOf(ids, view.participants));
}

absl::Status Fold::AddMetric(const EventView& view, const v1::Event& event,
                             const Numbering& numbers) {
  ASSIGN_OR_RETURN(MetricFact metric, MetricFactOf(event));
  metric.position = view.position;
  metrics_.Add(MetricSubjectOf(event, numbers), std::move(metric));
  return absl::OkStatus();
}

// The stream says whose metric is at that position.
void Fold::VoidMetric(absl::string_view stream, uint64_t target, uint64_t position) {
  const std::vector<std::string> parts = absl::StrSplit(stream, '/');
  if (parts.size() != 3) return;
  const Numbering numbers = [this](absl::string_view id) {
    return reference_.org->Find(id).value_or(kNobody);
  };
  metrics_.Void({parts[1], MetricParticipant(parts[2], numbers)}, target, position);
}

absl::Status Fold::AddVoid(const EventView& view, const v1::Event& event) {
  const std::string& target_id = event.fact_voided().event_id();
  ASSIGN_OR_RETURN(std::optional<uint64_t> target, find_position_(target_id));
  if (!target.has_value() || *target > view.position) {
    RETURN_IF_ERROR(tables_->PutReference(view.position, EncodeReference(view)));
    reference_.waiting_voids.Mutable().emplace(target_id, view.position);
    return absl::OkStatus();
  }
  if (absl::StartsWith(event.stream(), kDeals)) {
    return AppendFact(view.stream, absl::StripPrefix(event.stream(), kDeals),
                      VoidOf(*target, view.position));
  }
  if (IsWaitingVoid(event)) return absl::OkStatus();
  RETURN_IF_ERROR(AddReference(view, event));
  if (absl::StartsWith(event.stream(), kMetrics)) {
    VoidMetric(event.stream(), *target, view.position);
    return absl::OkStatus();
  }
  policies_changed_ |= event.stream() == "splits";
  ASSIGN_OR_RETURN(reference_, LoadReference(*tables_));
  return absl::OkStatus();
}

absl::Status Fold::AddDealEvent(const EventView& view, const v1::Event& event,
                                const Numbering& numbers) {
  ASSIGN_OR_RETURN(DealFact fact, DealFactOf(event, numbers));
  fact.position = view.position;
  return AppendFact(view.stream, absl::StripPrefix(event.stream(), kDeals), fact,
                    view.stream_version == 1);
}

absl::StatusOr<Fold::DealChange*> Fold::Touch(uint32_t stream, bool is_new) {
  auto at = deals_.find(stream);
  if (is_new) {
    at = deals_.try_emplace(stream).first;
  } else if (at == deals_.end()) {
    ASSIGN_OR_RETURN(std::string encoded, tables_->GetDeal(stream));
    at = deals_.try_emplace(stream, DealChange{encoded, encoded}).first;
  }
  return &at->second;
}

template <typename Fact>
absl::Status Fold::AppendFact(uint32_t stream, absl::string_view deal_id, const Fact& fact,
                              bool is_first) {
  ASSIGN_OR_RETURN(DealChange * deal, Touch(stream, is_first));
  if (deal->after.empty()) AppendDealId(deal_id, &deal->after);
  AppendDealFact(fact, &deal->after);
  return absl::OkStatus();
}

absl::Status Fold::MarkPolicyDeals() {
  ASSIGN_OR_RETURN(std::vector<uint32_t> streams, tables_->Marked(Mark::kByPolicy));
  for (uint32_t stream : streams) RETURN_IF_ERROR(Touch(stream).status());
  return absl::OkStatus();
}

absl::Status Fold::Derive() {
  if (policies_changed_) RETURN_IF_ERROR(MarkPolicyDeals());
  // In order of stream: neighbours are found, and written, faster.
  std::vector<uint32_t> streams;
  streams.reserve(deals_.size());
  for (const auto& [stream, deal] : deals_) streams.push_back(stream);
  std::sort(streams.begin(), streams.end());
  CreditChanges changes;
  for (uint32_t stream : streams) {
    RETURN_IF_ERROR(DeriveAgain(stream, deals_.at(stream), &changes));
  }
  deals_.clear();
  RETURN_IF_ERROR(WriteCredits(&changes));
  RETURN_IF_ERROR(metrics_.Write(tables_, [this](uint64_t position, Date day, int64_t change) {
    CountDay(position, day, change);
  }));
  RETURN_IF_ERROR(WriteDays());
  if (policies_changed_) policies_before_ = *reference_.policies;
  policies_changed_ = false;
  return absl::OkStatus();
}

absl::Status Fold::DeriveAgain(uint32_t stream, const DealChange& deal, CreditChanges* changes) {
  if (deal.after != deal.before) RETURN_IF_ERROR(tables_->PutDeal(stream, deal.after));
  RETURN_IF_ERROR(DeriveEncoded(stream, deal.before, policies_before_, &derived_before_));
  RETURN_IF_ERROR(DeriveEncoded(stream, deal.after, *reference_.policies, &derived_after_));
  for (const auto& [participant, credit] : derived_before_.credits) {
    (*changes)[{participant, MonthOf(credit.date)}].removed.push_back(stream);
  }
  for (const auto& [participant, credit] : derived_after_.credits) {
    (*changes)[{participant, MonthOf(credit.date)}].added.push_back(credit);
  }
  SetLastDays(derived_before_.last_days, derived_after_.last_days);
  RETURN_IF_ERROR(SetTaken(stream, derived_before_, derived_after_));
  return SetMarks(stream, derived_before_, derived_after_);
}

absl::Status Fold::DeriveEncoded(uint32_t stream, absl::string_view encoded,
                                 const SplitPolicies& policies, DerivedDeal* derived) {
  if (encoded.empty()) {
    *derived = DerivedDeal();
    return absl::OkStatus();
  }
  if (plain_.Derive(stream, encoded, derived)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const DealFacts facts, DecodeDealFacts(encoded));
  *derived = DeriveDeal(stream, facts, policies);
  return absl::OkStatus();
}

absl::Status Fold::SetMarks(uint32_t stream, const DerivedDeal& before, const DerivedDeal& after) {
  if (before.has_issues != after.has_issues) {
    RETURN_IF_ERROR(tables_->SetMark(Mark::kIssues, stream, after.has_issues));
  }
  if (before.by_policy != after.by_policy) {
    RETURN_IF_ERROR(tables_->SetMark(Mark::kByPolicy, stream, after.by_policy));
  }
  if (before.is_open != after.is_open) {
    RETURN_IF_ERROR(tables_->SetMark(Mark::kPipeline, stream, after.is_open));
  }
  return absl::OkStatus();
}

absl::Status Fold::SetTaken(uint32_t stream, const DerivedDeal& before, const DerivedDeal& after) {
  const std::vector<uint32_t>& old_ones = before.taken_from;
  const std::vector<uint32_t>& new_ones = after.taken_from;
  for (uint32_t participant : old_ones) {
    if (std::binary_search(new_ones.begin(), new_ones.end(), participant)) continue;
    RETURN_IF_ERROR(tables_->SetTaken(participant, stream, false));
  }
  for (uint32_t participant : new_ones) {
    if (std::binary_search(old_ones.begin(), old_ones.end(), participant)) continue;
    RETURN_IF_ERROR(tables_->SetTaken(participant, stream, true));
  }
  return absl::OkStatus();
}

// What facts were known before has its steps already.
void Fold::SetLastDays(const std::vector<DayStep>& before, const std::vector<DayStep>& after) {
  Date day = before.empty() ? Date::Min() : before.back().day;
  for (size_t i = before.size(); i < after.size(); ++i) {
    if (day != Date::Min()) CountDay(after[i].position, day, -1);
    day = after[i].day;
    if (day != Date::Min()) CountDay(after[i].position, day, 1);
  }
}

void Fold::CountDay(uint64_t position, Date day, int64_t change) {
  days_.emplace(position, DayChange{day, change});
}

absl::Status Fold::WriteDays() {
  if (days_.empty()) return absl::OkStatus();
  std::map<Date, int64_t>& counts = reference_.last_days.Mutable();
  std::set<Date> changed;
  Date latest = reference_.LastFactDate();
  for (auto at = days_.begin(); at != days_.end();) {
    const uint64_t position = at->first;
    for (; at != days_.end() && at->first == position; ++at) {
      const auto& [day, change] = at->second;
      if ((counts[day] += change) == 0) counts.erase(day);
      changed.insert(day);
    }
    if (reference_.LastFactDate() == latest) continue;
    latest = reference_.LastFactDate();
    RETURN_IF_ERROR(tables_->PutLatestDay({position, latest}));
  }
  for (Date day : changed) {
    const auto at = counts.find(day);
    RETURN_IF_ERROR(tables_->PutLastDay(day, at == counts.end() ? 0 : at->second));
  }
  days_.clear();
  return absl::OkStatus();
}

absl::Status Fold::WriteCredits(CreditChanges* changes) {
  for (auto& [key, change] : *changes) {
    ASSIGN_OR_RETURN(std::vector<Credit> credits, tables_->GetCredits(key.first, key.second));
    if (!change.removed.empty()) {
      std::sort(change.removed.begin(), change.removed.end());
      credits.erase(std::remove_if(credits.begin(), credits.end(),
                                   [&removed = change.removed](const Credit& credit) {
                                     return std::binary_search(removed.begin(), removed.end(),
                                                               credit.deal);
                                   }),
                    credits.end());
    }
    credits.insert(credits.end(), change.added.begin(), change.added.end());
    RETURN_IF_ERROR(tables_->PutCredits(key.first, key.second, credits));
  }
  return absl::OkStatus();
}

}  // namespace payfold
