// Nothing that the Plan message can say is silently ignored: each leaf field, set
// alone on a plan that compiles, changes the program or its diagnostics.

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "ledger/plan/compile.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using Path = std::vector<const FieldDescriptor*>;

// Values that state a default: they change nothing, and should not.
const std::set<std::string>& Defaults() {
  static const auto* const defaults = new std::set<std::string>{
      "payfold.v1.HALF_UP",
      "payfold.v1.OWN",
      "payfold.v1.COMPANY",
      "payfold.v1.Curve.FLAT",
      "payfold.v1.Pool.EQUAL",
      "payfold.v1.Plan.DAYS",
      "payfold.v1.FxConversion.CREDIT_DATE",
      "payfold.v1.Component.RUNNING",
      "payfold.v1.Component.PERIOD_END",
      "payfold.v1.Component.CONTINUE",
      "payfold.v1.Component.BOOKED",
      "payfold.v1.Clawback.NET",
      "payfold.v1.DealMeasure.AMOUNT",
      "payfold.v1.Bands.MEASURE",
      "payfold.v1.Bands.MARGINAL",
      "payfold.v1.Bands.LOWER_INCLUSIVE",
      "payfold.v1.Reward.money",
  };
  return *defaults;
}

std::string NameOf(const Path& path) {
  return absl::StrJoin(path, ".", [](std::string* out, const FieldDescriptor* field) {
    out->append(field->name());
  });
}

// All paths to leaves; a message inside itself (a measure of a ratio) ends there.
void CollectLeaves(const Descriptor& type, std::set<const Descriptor*>* open, Path* path,
                   std::vector<Path>* leaves) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    const Descriptor* inner = field->is_map() ? nullptr : field->message_type();
    path->push_back(field);
    if (inner == nullptr || inner->field_count() == 0) {
      leaves->push_back(*path);
    } else if (open->insert(inner).second) {
      CollectLeaves(*inner, open, path, leaves);
      open->erase(inner);
    }
    path->pop_back();
  }
}

// The last but one message of the path, made where it is missing.
Message* Descend(const Path& path, Message* message) {
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    const Reflection& reflection = *message->GetReflection();
    if (!path[i]->is_repeated()) {
      message = reflection.MutableMessage(message, path[i]);
    } else if (reflection.FieldSize(*message, path[i]) > 0) {
      message = reflection.MutableRepeatedMessage(message, path[i], 0);
    } else {
      message = reflection.AddMessage(message, path[i]);
    }
  }
  return message;
}

void AddMapEntry(const FieldDescriptor& field, Message* message) {
  Message* entry = message->GetReflection()->AddMessage(message, &field);
  const Reflection& reflection = *entry->GetReflection();
  reflection.SetString(entry, field.message_type()->map_key(), "Q3");
  const FieldDescriptor* value = field.message_type()->map_value();
  if (value->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    reflection.SetString(entry, value, "7");
  } else {
    Message* inner = reflection.MutableMessage(entry, value);
    const FieldDescriptor* list = inner->GetDescriptor()->field(0);
    if (!list->is_map()) inner->GetReflection()->AddString(inner, list, "7");
  }
}

// The ways to set a leaf: one for each value of an enum, else one.
int WaysToSet(const FieldDescriptor& leaf) {
  return leaf.enum_type() == nullptr ? 1 : leaf.enum_type()->value_count() - 1;
}

// Sets the leaf; returns what was set, by its full name.
std::string SetLeaf(const FieldDescriptor& leaf, int way, Message* message) {
  const Reflection& reflection = *message->GetReflection();
  switch (leaf.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = leaf.enum_type()->value(way + 1);
      leaf.is_repeated() ? reflection.AddEnum(message, &leaf, value)
                         : reflection.SetEnum(message, &leaf, value);
      return value->full_name();
    }
    case FieldDescriptor::CPPTYPE_STRING:
      leaf.is_repeated() ? reflection.AddString(message, &leaf, "7")
                         : reflection.SetString(message, &leaf, "7");
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection.SetBool(message, &leaf, true);
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      reflection.SetInt32(message, &leaf, 7);
      break;
    default:
      leaf.is_map() ? AddMapEntry(leaf, message)
                    : static_cast<void>(reflection.MutableMessage(message, &leaf));
      break;
  }
  return leaf.full_name();
}

std::string Outcome(const v1::Plan& plan) {
  const CompiledPlan compiled = CompilePlan(plan);
  return absl::StrCat(compiled.program.has_value() ? payfold_testing::Dump(*compiled.program) : "",
                      "\n", payfold_testing::Lines(compiled.diagnostics));
}

TEST(CoverageTest, NoLeafOfThePlanIsSilentlyIgnored) {
  std::vector<Path> leaves;
  Path path;
  std::set<const Descriptor*> open;
  CollectLeaves(*v1::Plan::descriptor(), &open, &path, &leaves);
  ASSERT_GT(leaves.size(), 150U);
  const std::string kPayouts[] = {"rate: 5%",
                                  "fixed: 5",
                                  "bands: [{upto: 5, rate: 1%}, {rate: 2%}]",
                                  "per_deal: {rate: 1%}",
                                  "bands: {basis: ATTAINMENT, bands: [{multiple: 1}]}",
                                  "rank: {awards: [5]}",
                                  "pool: {amount: 5}",
                                  "curve: {points: [{attainment: 1, multiple: 1}]}"};
  for (const std::string& payout : kPayouts) {
    const v1::Plan base = payfold_testing::PlanOf(payfold_testing::PlanWith(absl::StrCat(
        "payout: {", payout, "}\nmeasure: {deals: {where: [{attribute: x, any_of: [a]}]}}")));
    ASSERT_TRUE(CompilePlan(base).program.has_value());
    const std::string before = Outcome(base);
    for (const Path& leaf : leaves) {
      for (int way = 0; way < WaysToSet(*leaf.back()); ++way) {
        v1::Plan plan = base;
        const std::string what = SetLeaf(*leaf.back(), way, Descend(leaf, &plan));
        const bool is_said_already = plan.SerializeAsString() == base.SerializeAsString();
        if (is_said_already || Defaults().count(what) > 0) continue;
        EXPECT_NE(Outcome(plan), before) << NameOf(leaf) << " (" << what << ") on " << payout;
      }
    }
  }
}

}  // namespace
}  // namespace payfold
