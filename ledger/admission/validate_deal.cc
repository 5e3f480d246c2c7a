#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/map.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "ledger/admission/field_path.h"
#include "ledger/admission/fields.h"
#include "ledger/admission/payload_rules.h"
#include "ledger/base/quote.h"
#include "ledger/money/decimal.h"
#include "payfold/v1/event.pb.h"

namespace payfold {
namespace {

constexpr int kMaxMembers = 100;
constexpr int kMaxShares = 100;
constexpr int kMaxRoles = 100;
constexpr int kMaxTermMonths = 1'200;
constexpr DecimalRule kProbability = {.low = 0, .high = 1, .words = "from 0 to 1"};
constexpr DecimalRule kShare = {
    .low = 0, .high = 1, .above = true, .words = "above 0 and at most 1"};
constexpr DecimalRule kOverlay = {
    .low = 0, .high = 10, .above = true, .words = "above 0 and at most 10 for an overlay"};

// Names that a condition of a plan would take for the field.
constexpr absl::string_view kReservedNames[] = {
    "deal_id",   "amount",  "booked_on",   "owner_id",    "members",  "product", "segment",
    "territory", "channel", "customer_id", "term_months", "currency", "source"};

void CheckMembers(const google::protobuf::RepeatedPtrField<v1::DealMember>& members,
                  const FieldPath& path, FieldRules* rules) {
  rules->AtMost(path / "members", members.size(), kMaxMembers);
  std::set<std::pair<absl::string_view, absl::string_view>> seen;
  for (int i = 0; i < members.size(); ++i) {
    const v1::DealMember& member = members[i];
    const FieldPath item = path.At("members", static_cast<size_t>(i));
    rules->Id(item / "participant_id", member.participant_id(), Need::kRequired);
    rules->Text(item / "role", member.role(), Need::kOptional);
    if (!seen.insert({member.participant_id(), member.role()}).second) {
      rules->Add(item, Reason::kRepeated,
                 absl::StrCat(Quote(member.participant_id()), " in role ", Quote(member.role()),
                              " stands here twice: name each participant and role once"));
    }
  }
}

void CheckAttributes(const google::protobuf::Map<std::string, std::string>& attributes,
                     const FieldPath& path, FieldRules* rules) {
  rules->Attributes(path, "attributes", attributes);
  for (const absl::string_view name : kReservedNames) {
    if (!attributes.contains(std::string(name))) continue;
    rules->Add(
        path.Key("attributes", name), Reason::kAttributeNameReserved,
        absl::StrCat("\"", name, "\" is what plans know a field by: set that, or choose another"));
  }
}

// The fields that DealBooked, DealAmended and PipelineUpdated share.
template <typename Deal>
void CheckDescription(const Deal& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "owner_id", p.owner_id(), Need::kOptional);
  CheckMembers(p.members(), path, rules);
  rules->Text(path / "product", p.product(), Need::kOptional);
  rules->Text(path / "segment", p.segment(), Need::kOptional);
  rules->Text(path / "territory", p.territory(), Need::kOptional);
  rules->Text(path / "channel", p.channel(), Need::kOptional);
  rules->Text(path / "customer_id", p.customer_id(), Need::kOptional);
  if (p.has_term_months()) rules->Int(path / "term_months", p.term_months(), 0, kMaxTermMonths);
  CheckAttributes(p.attributes(), path, rules);
}

// The two that name a deal, a date and an amount.
template <typename Dated>
void CheckDated(const Dated& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "deal_id", p.deal_id(), Need::kRequired);
  rules->BusinessDate(path / "date", p.date(), Need::kRequired);
  rules->Amount(path / "amount", p.has_amount() ? &p.amount() : nullptr, Need::kRequired,
                AmountRule::kNotNegative);
}

// An adjustment states the amount alone.
void CheckNothingElse(const v1::DealAmended& p, const FieldPath& path, FieldRules* rules) {
  constexpr absl::string_view kWhy = "ADJUST changes the amount alone; use RESTATE for the rest";
  rules->NotSet(path / "booked_on", p.has_booked_on(), kWhy);
  rules->NotSet(path / "owner_id", p.has_owner_id(), kWhy);
  rules->NotSet(path / "members", !p.members().empty(), kWhy);
  rules->NotSet(path / "product", p.has_product(), kWhy);
  rules->NotSet(path / "segment", p.has_segment(), kWhy);
  rules->NotSet(path / "territory", p.has_territory(), kWhy);
  rules->NotSet(path / "channel", p.has_channel(), kWhy);
  rules->NotSet(path / "customer_id", p.has_customer_id(), kWhy);
  rules->NotSet(path / "term_months", p.has_term_months(), kWhy);
  rules->NotSet(path / "attributes", !p.attributes().empty(), kWhy);
}

}  // namespace

void CheckPayload(const v1::DealBooked& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "deal_id", p.deal_id(), Need::kRequired);
  rules->Amount(path / "amount", p.has_amount() ? &p.amount() : nullptr, Need::kRequired,
                AmountRule::kNotNegative);
  rules->BusinessDate(path / "booked_on", p.booked_on(), Need::kRequired);
  CheckDescription(p, path, rules);
}

void CheckPayload(const v1::DealAmended& p, const FieldPath& path, FieldRules* rules) {
  const bool adjust = p.mode() == v1::DealAmended::ADJUST;
  rules->Id(path / "deal_id", p.deal_id(), Need::kRequired);
  rules->BusinessDate(path / "amended_on", p.amended_on(), Need::kRequired);
  rules->Enum(path / "mode", p.mode(), v1::DealAmended::Mode_descriptor());
  rules->Amount(path / "amount", p.has_amount() ? &p.amount() : nullptr,
                adjust ? Need::kRequired : Need::kOptional, AmountRule::kNotNegative);
  if (p.has_booked_on()) {
    rules->BusinessDate(path / "booked_on", p.booked_on(), Need::kRequired);
  }
  CheckDescription(p, path, rules);
  if (adjust) CheckNothingElse(p, path, rules);
}

void CheckPayload(const v1::DealInvoiced& p, const FieldPath& path, FieldRules* rules) {
  CheckDated(p, path, rules);
}

void CheckPayload(const v1::PaymentCollected& p, const FieldPath& path, FieldRules* rules) {
  CheckDated(p, path, rules);
}

void CheckPayload(const v1::DealCancelled& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "deal_id", p.deal_id(), Need::kRequired);
  rules->BusinessDate(path / "cancelled_on", p.cancelled_on(), Need::kRequired);
  rules->Amount(path / "amount", p.has_amount() ? &p.amount() : nullptr, Need::kOptional,
                AmountRule::kPositive);
  rules->Text(path / "reason", p.reason(), Need::kOptional, kMaxLongTextBytes);
}

void CheckPayload(const v1::PipelineUpdated& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "deal_id", p.deal_id(), Need::kRequired);
  rules->Text(path / "stage", p.stage(), Need::kRequired);
  rules->BusinessDate(path / "expected_on", p.expected_on(), Need::kOptional);
  rules->Amount(path / "amount", p.has_amount() ? &p.amount() : nullptr, Need::kOptional,
                AmountRule::kNotNegative);
  rules->Number(path / "probability", p.probability(), Need::kOptional, kProbability);
  CheckDescription(p, path, rules);
}

void CheckPayload(const v1::CreditSplit& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "deal_id", p.deal_id(), Need::kRequired);
  rules->AtMost(path / "shares", p.shares_size(), kMaxShares);
  std::set<std::pair<absl::string_view, bool>> seen;
  absl::int128 nanos = 0;
  bool summable = p.shares_size() <= kMaxShares;
  for (int i = 0; i < p.shares_size(); ++i) {
    const v1::CreditShare& share = p.shares(i);
    const FieldPath item = path.At("shares", static_cast<size_t>(i));
    rules->Id(item / "participant_id", share.participant_id(), Need::kRequired);
    rules->Text(item / "role", share.role(), Need::kOptional);
    const std::optional<Decimal> value = rules->Number(
        item / "share", share.share(), Need::kRequired, share.overlay() ? kOverlay : kShare);
    summable = summable && value.has_value();
    if (!share.overlay() && value.has_value()) nanos += value->nanos();
    if (!seen.insert({share.participant_id(), share.overlay()}).second) {
      rules->Add(
          item / "participant_id", Reason::kRepeated,
          absl::StrCat(Quote(share.participant_id()), " stands here twice ",
                       share.overlay() ? "with" : "without", " overlay: add the two shares up"));
    }
  }
  if (summable) rules->AddsUpToOne(path / "shares", Decimal::FromNanos(nanos));
}

void CheckPayload(const v1::SplitPolicySet& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "policy_id", p.policy_id(), Need::kRequired);
  rules->BusinessDate(path / "effective_from", p.effective_from(), Need::kRequired);
  const int roles = static_cast<int>(p.role_shares().size());
  rules->AtMost(path / "role_shares", roles, kMaxRoles);
  absl::int128 nanos = 0;
  bool summable = roles <= kMaxRoles;
  for (const auto& role_share : p.role_shares()) {
    const FieldPath item = path.Key("role_shares", role_share.first);
    rules->Text(item, role_share.first, Need::kRequired);
    const std::optional<Decimal> value =
        rules->Number(item, role_share.second, Need::kRequired, kProbability);
    summable = summable && value.has_value();
    if (value.has_value()) nanos += value->nanos();
  }
  if (summable) rules->AddsUpToOne(path / "role_shares", Decimal::FromNanos(nanos));
}

}  // namespace payfold
