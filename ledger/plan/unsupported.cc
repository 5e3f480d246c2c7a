#include "ledger/plan/unsupported.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"

namespace payfold {
namespace {

using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

struct Unsupported {
  absl::string_view name;
  absl::string_view what;
};

// Fields and enum values by their full name without the package; combinations by
// a name with a '+'. Whoever builds one deletes its row.
constexpr Unsupported kUnsupported[] = {
    {"Plan.draw", "draws"},
    {"Plan.cap", "plan caps"},
    {"Plan.budget", "budgets"},
    {"Plan.MONTHS", "proration by months"},
    {"Eligibility.rank_band", "eligibility by rank"},
    {"Component.goals", "goals"},
    {"Component.gates", "gates"},
    {"Component.multipliers", "multipliers"},
    {"Component.floor", "floors"},
    {"Component.cap", "component caps"},
    {"Component.prorate", "proration"},
    {"Component.schedule", "payment schedules"},
    {"Component.RESTART", "segments that restart the measure"},
    {"Component.INVOICED", "pay on invoice"},
    {"Component.COLLECTED", "pay on cash collected"},
    {"FxConversion.PERIOD_END", "conversion at the period's end"},
    {"FxConversion.PLAN_START", "conversion at the plan's start"},
    {"Clawback.RESTATE", "clawback by restatement"},
    {"Clawback.REVERSE", "clawback by reversal"},
    {"Clawback.NONE", "ignoring cancellations"},
    {"Clawback.schedule", "clawback schedules"},
    {"Clawback.linear", "linear clawback"},
    {"Clawback.window_days", "clawback windows"},
    {"Clawback.window_months", "clawback windows"},
    {"Measure.metric", "measures over metrics"},
    {"Measure.ratio", "ratio measures"},
    {"Measure.growth", "growth measures"},
    {"Measure.sum", "sums of measures"},
    {"Measure.earnings", "measures over earnings"},
    {"Measure.periods", "measures over periods"},
    {"Measure.attribute", "measures from attributes"},
    {"DealMeasure.COUNT_DISTINCT", "counts of distinct values"},
    {"Target.previous", "targets from the previous period"},
    {"Target.population", "targets from a population"},
    {"Target.goal", "targets from goals"},
    {"FixedTarget.by", "fixed targets by table"},
    {"FixedTarget.table", "fixed targets by table"},
    {"Payout.curve", "curves"},
    {"Payout.matrix", "matrices"},
    {"Payout.rank", "rank awards"},
    {"Payout.pool", "pools"},
    {"Payout.goals", "payouts by goals"},
    {"Payout.rate_by", "rates by attribute"},
    {"Band.rate_by", "rates by attribute"},
    {"PerDeal.bands+ATTAINMENT", "per_deal bands on attainment"},
    {"PerDeal.bands+multiple", "per_deal bands that pay a multiple of the target incentive"},
    {"PerDeal.bands+by", "per_deal bands chosen by another measure"},
    {"Reward.points", "rewards in points"},
    {"Reward.badge", "badges"},
    {"Reward.item", "rewards in kind"},
};

// Walks a message and everything set in it.
class Walker {
 public:
  explicit Walker(Findings* findings) : findings_(findings) {}

  void Walk(const Message& message, const std::string& path) {
    const Reflection& reflection = *message.GetReflection();
    const auto& unknown = reflection.GetUnknownFields(message);
    for (int i = 0; i < unknown.field_count(); ++i) {
      findings_->Error(path, absl::StrCat("has a field number ", unknown.field(i).number(),
                                          " that this release does not know"));
    }
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) WalkField(message, *field, path);
  }

 private:
  void WalkField(const Message& message, const FieldDescriptor& field, const std::string& path) {
    const std::string here = Child(path, field.name());
    if (Refuse(field.full_name(), here)) return;
    const Reflection& reflection = *message.GetReflection();
    if (!field.is_repeated()) {
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Walk(reflection.GetMessage(message, &field), here);
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
        CheckEnum(field, reflection.GetEnumValue(message, &field), here);
      }
      return;
    }
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        WalkElement(reflection.GetRepeatedMessage(message, &field, i), field, i, here);
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
        CheckEnum(field, reflection.GetRepeatedEnumValue(message, &field, i), Element(here, i));
      }
    }
  }

  void WalkElement(const Message& element, const FieldDescriptor& field, int index,
                   const std::string& path) {
    if (!field.is_map()) return Walk(element, Element(path, index));
    const FieldDescriptor* value = field.message_type()->map_value();
    if (value->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return;
    const Reflection& reflection = *element.GetReflection();
    const std::string key = reflection.GetString(element, field.message_type()->map_key());
    Walk(reflection.GetMessage(element, value), Entry(path, key));
  }

  void CheckEnum(const FieldDescriptor& field, int number, const std::string& path) {
    const EnumValueDescriptor* value = field.enum_type()->FindValueByNumber(number);
    if (value == nullptr) {
      findings_->Error(path,
                       absl::StrCat("has a value ", number, " that this release does not know"));
    } else {
      Refuse(value->full_name(), path);
    }
  }

  bool Refuse(absl::string_view full_name, const std::string& path) {
    const absl::string_view what = UnsupportedWhat(absl::StripPrefix(full_name, "payfold.v1."));
    if (what.empty()) return false;
    findings_->Error(path, absl::StrCat("not supported yet: ", what));
    return true;
  }

  Findings* findings_;
};

}  // namespace

absl::string_view UnsupportedWhat(absl::string_view name) {
  const auto* row = std::find_if(std::begin(kUnsupported), std::end(kUnsupported),
                                 [&](const Unsupported& u) { return u.name == name; });
  return row == std::end(kUnsupported) ? absl::string_view() : row->what;
}

std::vector<absl::string_view> UnsupportedNames() {
  std::vector<absl::string_view> names;
  for (const Unsupported& row : kUnsupported) names.push_back(row.name);
  return names;
}

void ReportUnsupported(const v1::Plan& plan, Findings* findings) {
  Walker(findings).Walk(plan, "");
}

}  // namespace payfold
