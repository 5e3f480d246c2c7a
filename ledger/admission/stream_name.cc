#include "ledger/admission/stream_name.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "ledger/admission/fields.h"
#include "payfold/v1/event.pb.h"

namespace payfold {
namespace {

constexpr absl::string_view kParticipants = "participants/";

// Characters of ids stay, all others become %XX.
std::string PercentEncode(absl::string_view text) {
  constexpr absl::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) ||
        absl::string_view("._~@:-").find(c) != absl::string_view::npos) {
      encoded.push_back(c);
    } else {
      encoded.push_back('%');
      encoded.push_back(kHex[byte >> 4]);
      encoded.push_back(kHex[byte & 0xF]);
    }
  }
  return encoded;
}

std::string Deal(absl::string_view deal_id) { return absl::StrCat("deals/", deal_id); }
std::string Participant(absl::string_view id) { return absl::StrCat(kParticipants, id); }
std::string PlanStream(absl::string_view plan_id) { return absl::StrCat("plans/", plan_id); }
std::string PeriodStream(absl::string_view period) { return absl::StrCat("periods/", period); }
std::string Replay(absl::string_view replay_id) { return absl::StrCat("replays/", replay_id); }

// The participant that a payload is about; empty if it is about none.
absl::string_view MainParticipant(const v1::Event& e) {
  switch (e.payload_case()) {
    case v1::Event::kParticipantChanged:
      return e.participant_changed().participant_id();
    case v1::Event::kMetricRecorded:
      return e.metric_recorded().participant_id();
    case v1::Event::kPlanAssigned:
      return e.plan_assigned().participant_id();
    case v1::Event::kGoalChosen:
      return e.goal_chosen().participant_id();
    case v1::Event::kOpeningBalance:
      return e.opening_balance().participant_id();
    case v1::Event::kAdjustmentPosted:
      return e.adjustment_posted().participant_id();
    case v1::Event::kStatementPosted:
      return e.statement_posted().statement().participant_id();
    case v1::Event::kPaymentRecorded:
      return e.payment_recorded().participant_id();
    case v1::Event::kDisputeOpened:
      return e.dispute_opened().participant_id();
    case v1::Event::kDisputeResolved:
      return e.dispute_resolved().participant_id();
    case v1::Event::kParticipantErased:
      return e.participant_erased().participant_id();
    default:
      return {};
  }
}

class IdList {
 public:
  void Add(absl::string_view id) {
    if (!IsId(id) || std::find(ids_.begin(), ids_.end(), id) != ids_.end()) return;
    ids_.emplace_back(id);
  }
  // The owner and the members of a deal.
  template <typename T>
  void AddTeam(const T& deal) {
    Add(deal.owner_id());
    for (const v1::DealMember& member : deal.members()) Add(member.participant_id());
  }
  std::vector<std::string> Take() { return std::move(ids_); }

 private:
  std::vector<std::string> ids_;
};

const google::protobuf::OneofDescriptor& Payloads() {
  static const google::protobuf::OneofDescriptor* const oneof =
      v1::Event::descriptor()->FindOneofByName("payload");
  return *oneof;
}

}  // namespace

std::string VoidStream(absl::string_view event_id) { return absl::StrCat("voids/", event_id); }

std::string StreamName(const v1::Event& e) {
  switch (e.payload_case()) {
    case v1::Event::kLedgerConfigured:
      return "ledger";
    case v1::Event::kDealBooked:
      return Deal(e.deal_booked().deal_id());
    case v1::Event::kDealAmended:
      return Deal(e.deal_amended().deal_id());
    case v1::Event::kDealInvoiced:
      return Deal(e.deal_invoiced().deal_id());
    case v1::Event::kPaymentCollected:
      return Deal(e.payment_collected().deal_id());
    case v1::Event::kDealCancelled:
      return Deal(e.deal_cancelled().deal_id());
    case v1::Event::kPipelineUpdated:
      return Deal(e.pipeline_updated().deal_id());
    case v1::Event::kCreditSplit:
      return Deal(e.credit_split().deal_id());
    case v1::Event::kSplitPolicySet:
      return "splits";
    case v1::Event::kMetricRecorded:
      return absl::StrCat("metrics/", e.metric_recorded().metric(), "/",
                          e.metric_recorded().participant_id());
    case v1::Event::kQuotaSet:
      return absl::StrCat(
          "quotas/", e.quota_set().metric(), "/",
          e.quota_set().subject() == "*" ? "*" : PercentEncode(e.quota_set().subject()), "/",
          e.quota_set().period());
    case v1::Event::kFxRateSet:
      return absl::StrCat("rates/", e.fx_rate_set().base(), "/", e.fx_rate_set().quote());
    case v1::Event::kPlanPublished:
      return PlanStream(e.plan_published().plan().plan_id());
    case v1::Event::kPlanRetired:
      return PlanStream(e.plan_retired().plan_id());
    case v1::Event::kPlanAssigned:
      return PlanStream(e.plan_assigned().plan_id());
    case v1::Event::kStatementPosted:
      return PeriodStream(e.statement_posted().statement().period());
    case v1::Event::kPeriodClosed:
      return PeriodStream(e.period_closed().period());
    case v1::Event::kPeriodApproved:
      return PeriodStream(e.period_approved().period());
    case v1::Event::kPaymentRecorded:
      return PeriodStream(e.payment_recorded().period());
    case v1::Event::kFactVoided:
      return VoidStream(e.fact_voided().event_id());
    case v1::Event::kReplayApproved:
      return Replay(e.replay_approved().replay_id());
    case v1::Event::kReplayCommitted:
      return Replay(e.replay_committed().replay_id());
    case v1::Event::kParticipantChanged:
    case v1::Event::kGoalChosen:
    case v1::Event::kOpeningBalance:
    case v1::Event::kAdjustmentPosted:
    case v1::Event::kDisputeOpened:
    case v1::Event::kDisputeResolved:
    case v1::Event::kParticipantErased:
      return Participant(MainParticipant(e));
    case v1::Event::PAYLOAD_NOT_SET:
      return "";
  }
  return "";
}

std::vector<std::string> ParticipantsOf(const v1::Event& e) {
  IdList ids;
  ids.Add(MainParticipant(e));
  switch (e.payload_case()) {
    case v1::Event::kParticipantChanged:
      ids.Add(e.participant_changed().manager_id());
      break;
    case v1::Event::kDealBooked:
      ids.AddTeam(e.deal_booked());
      break;
    case v1::Event::kDealAmended:
      ids.AddTeam(e.deal_amended());
      break;
    case v1::Event::kPipelineUpdated:
      ids.AddTeam(e.pipeline_updated());
      break;
    case v1::Event::kCreditSplit:
      for (const v1::CreditShare& share : e.credit_split().shares()) {
        ids.Add(share.participant_id());
      }
      break;
    default:
      break;
  }
  return ids.Take();
}

std::string KeySubject(const v1::Event& event, absl::string_view stream) {
  const absl::string_view participant = MainParticipant(event);
  if (!participant.empty()) return std::string(participant);
  if (!event.has_fact_voided()) return std::string(stream);
  // The reason of a void may be about the person that the fact is about.
  const std::vector<absl::string_view> parts = absl::StrSplit(stream, '/');
  if (parts[0] == "participants" && parts.size() == 2) return std::string(parts[1]);
  const bool by_subject =
      (parts[0] == "metrics" && parts.size() == 3) || (parts[0] == "quotas" && parts.size() == 4);
  if (by_subject && IsId(parts[2])) return std::string(parts[2]);
  return std::string(stream);
}

absl::string_view KindName(const v1::Event& event) { return KindName(KindOf(event)); }

uint32_t KindOf(const v1::Event& event) { return static_cast<uint32_t>(event.payload_case()); }

absl::string_view KindName(uint32_t kind) {
  if (kind == 0) return "";
  const google::protobuf::FieldDescriptor* field =
      v1::Event::descriptor()->FindFieldByNumber(static_cast<int>(kind));
  if (field == nullptr || field->containing_oneof() != &Payloads()) return "";
  return field->name();
}

uint32_t KindByName(absl::string_view name) {
  const google::protobuf::FieldDescriptor* field =
      v1::Event::descriptor()->FindFieldByName(std::string(name));
  if (field == nullptr || field->containing_oneof() != &Payloads()) return 0;
  return static_cast<uint32_t>(field->number());
}

}  // namespace payfold
