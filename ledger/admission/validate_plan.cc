#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "ledger/admission/field_path.h"
#include "ledger/admission/fields.h"
#include "ledger/admission/payload_rules.h"
#include "ledger/base/utf8.h"
#include "ledger/calendar/date.h"
#include "ledger/plan/compile.h"
#include "payfold/v1/event.pb.h"

namespace payfold {
namespace {

// Whether every string of the message is UTF-8: what is not could be stored,
// but never be parsed again.
bool AllUtf8(const google::protobuf::Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    const bool text = field->type() == google::protobuf::FieldDescriptor::TYPE_STRING;
    const bool nested = field->type() == google::protobuf::FieldDescriptor::TYPE_MESSAGE;
    const int size = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      if (text && !IsUtf8(field->is_repeated() ? reflection.GetRepeatedString(message, field, i)
                                               : reflection.GetString(message, field))) {
        return false;
      }
      if (nested && !AllUtf8(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                                  : reflection.GetMessage(message, field))) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

void CheckPayload(const v1::PlanPublished& p, const FieldPath& path, FieldRules* rules) {
  const FieldPath plan = path / "plan";
  if (!p.has_plan()) {
    rules->Add(plan, Reason::kFieldMissing, "is required: give the plan");
    return;
  }
  rules->Id(plan / "plan_id", p.plan().plan_id(), Need::kRequired);
  if (!AllUtf8(p.plan())) {
    rules->Add(plan, Reason::kTextNotUtf8, "has a text that is not valid UTF-8: encode it so");
    return;
  }
  for (const PlanDiagnostic& diagnostic : CompilePlan(p.plan()).diagnostics) {
    if (diagnostic.severity != PlanDiagnostic::Severity::kError) continue;
    rules->Add(diagnostic.field.empty() ? plan : plan / diagnostic.field,
               Reason::kPlanDoesNotCompile, diagnostic.message);
  }
}

void CheckPayload(const v1::PlanRetired& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "plan_id", p.plan_id(), Need::kRequired);
  rules->BusinessDate(path / "effective_to", p.effective_to(), Need::kRequired);
}

void CheckPayload(const v1::PlanAssigned& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "plan_id", p.plan_id(), Need::kRequired);
  rules->Id(path / "participant_id", p.participant_id(), Need::kRequired);
  const std::optional<Date> from =
      rules->BusinessDate(path / "effective_from", p.effective_from(), Need::kRequired);
  const std::optional<Date> to =
      rules->BusinessDate(path / "effective_to", p.effective_to(), Need::kOptional);
  rules->InOrder(path / "effective_to", from, to, "effective_from");
  rules->Amount(path / "target_incentive",
                p.has_target_incentive() ? &p.target_incentive() : nullptr, Need::kOptional,
                AmountRule::kNotNegative);
}

void CheckPayload(const v1::GoalChosen& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "participant_id", p.participant_id(), Need::kRequired);
  rules->Id(path / "plan_id", p.plan_id(), Need::kRequired);
  rules->Id(path / "component_id", p.component_id(), Need::kRequired);
  rules->Id(path / "goal_id", p.goal_id(), Need::kRequired);
  rules->PeriodLabel(path / "period", p.period());
}

}  // namespace payfold
