// The plans of plans/ say everything that the language can say, and each thing
// they say counts: without it the program or its diagnostics are others.

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "ledger/plan/compile.h"
#include "ledger/plan/document.h"
#include "ledger/plan/prose.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using ::testing::IsEmpty;

const char* const kPlans[] = {"deals.yaml", "people.yaml", "rewards.yaml"};

v1::Plan PlanFrom(const std::string& file) {
  return payfold_testing::PlanOf(payfold_testing::ReadTestFile("plans/" + file));
}

std::string Outcome(const v1::Plan& plan) {
  const CompiledPlan compiled = CompilePlan(plan);
  return absl::StrCat(compiled.program.has_value() ? payfold_testing::Dump(*compiled.program) : "",
                      "\n", payfold_testing::Lines(compiled.diagnostics));
}

bool IsLeaf(const FieldDescriptor& field) {
  return field.message_type() == nullptr ||
         (!field.is_map() && field.message_type()->field_count() == 0);
}

// Calls `visit` with every message in the message, and itself.
void Visit(Message* message, const std::function<void(Message*)>& visit) {
  visit(message);
  const Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection.ListFields(*message, &set);
  for (const FieldDescriptor* field : set) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      Visit(reflection.MutableMessage(message, field), visit);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(*message, field); ++i) {
      Visit(reflection.MutableRepeatedMessage(message, field, i), visit);
    }
  }
}

// The names of what the message itself states: leaf fields, and values of enums.
void AddStated(const Message& message, std::set<std::string>* names) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection.ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    if (IsLeaf(*field) || field->is_map()) names->insert(field->full_name());
    if (field->enum_type() == nullptr) continue;
    const int size = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      names->insert((field->is_repeated() ? reflection.GetRepeatedEnum(message, field, i)
                                          : reflection.GetEnum(message, field))
                        ->full_name());
    }
  }
}

// The names of all that can be stated.
void AddNames(const Descriptor& type, std::set<const void*>* seen, std::set<std::string>* names) {
  if (!seen->insert(&type).second) return;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (IsLeaf(*field) || field->is_map()) names->insert(field->full_name());
    if (field->message_type() != nullptr) AddNames(*field->message_type(), seen, names);
    if (field->enum_type() == nullptr) continue;
    for (int v = 1; v < field->enum_type()->value_count(); ++v) {
      names->insert(field->enum_type()->value(v)->full_name());
    }
  }
}

TEST(WholeLanguageTest, ThePlansSayAllThatCanBeSaid) {
  std::set<std::string> said;
  for (const char* file : kPlans) {
    v1::Plan plan = PlanFrom(file);
    Visit(&plan, [&](Message* message) { AddStated(*message, &said); });
  }
  std::set<const void*> seen;
  std::set<std::string> names;
  AddNames(*v1::Plan::descriptor(), &seen, &names);
  ASSERT_GT(names.size(), 200U);
  std::vector<std::string> unsaid;
  for (const std::string& name : names) {
    if (said.count(name) == 0) unsaid.push_back(name);
  }
  EXPECT_THAT(unsaid, IsEmpty());
}

TEST(WholeLanguageTest, ThePlansCompileAndReadAsProse) {
  for (const char* file : kPlans) {
    const CompiledPlan compiled = CompilePlan(PlanFrom(file));
    ASSERT_TRUE(compiled.program.has_value()) << payfold_testing::Lines(compiled.diagnostics);
    EXPECT_EQ(PlanProse(*compiled.program).find("  \n"), std::string::npos);
  }
}

// States a default: leaving it out says the same.
bool IsDefault(const Message& message, const FieldDescriptor& field) {
  static const auto* const defaults = new std::set<std::string>{"HALF_UP",
                                                                "OWN",
                                                                "COMPANY",
                                                                "Plan.DAYS",
                                                                "Component.BOOKED",
                                                                "Component.CONTINUE",
                                                                "Clawback.NET",
                                                                "FxConversion.CREDIT_DATE",
                                                                "Cap.PERIOD",
                                                                "Draw.EXCESS",
                                                                "DealMeasure.AMOUNT",
                                                                "MetricMeasure.SUM",
                                                                "MetricMeasure.NUMBER",
                                                                "PopulationTarget.MEASURE",
                                                                "PopulationTarget.PREVIOUS",
                                                                "Bands.MEASURE",
                                                                "Bands.MARGINAL",
                                                                "Bands.LOWER_INCLUSIVE",
                                                                "Curve.FLAT",
                                                                "Pool.EQUAL",
                                                                "Gate.VALUE",
                                                                "Gate.ATTAINMENT",
                                                                "FORFEIT",
                                                                "ZERO",
                                                                "Reward.money"};
  const auto is_default = [&](const std::string& name) {
    return defaults->count(std::string(absl::StripPrefix(name, "payfold.v1."))) > 0;
  };
  if (field.message_type() != nullptr) return is_default(field.full_name());
  if (field.is_repeated()) return false;
  const Reflection& reflection = *message.GetReflection();
  if (field.enum_type() != nullptr) {
    return is_default(reflection.GetEnum(message, &field)->full_name());
  }
  return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
         is_default(reflection.GetString(message, &field));
}

// Clears the n-th stated thing of the plan that is no default; false if there
// are fewer. `what` tells which.
bool ClearNth(int n, v1::Plan* plan, std::string* what) {
  int at = 0;
  bool done = false;
  std::function<void(Message*)> clear = [&](Message* message) {
    if (message->GetDescriptor()->options().map_entry()) return;
    std::vector<const FieldDescriptor*> set;
    message->GetReflection()->ListFields(*message, &set);
    for (const FieldDescriptor* field : set) {
      const bool counts = IsLeaf(*field) || field->is_map();
      if (done || !counts || IsDefault(*message, *field) || at++ != n) continue;
      *what = absl::StrCat(field->full_name(), " of ", message->ShortDebugString());
      message->GetReflection()->ClearField(message, field);
      done = true;
      return;
    }
  };
  Visit(plan, [&](Message* message) {
    if (!done) clear(message);
  });
  return done;
}

TEST(WholeLanguageTest, NothingThatIsSaidIsWithoutEffect) {
  int count = 0;
  for (const char* file : kPlans) {
    const v1::Plan whole = PlanFrom(file);
    const std::string before = Outcome(whole);
    std::string what;
    for (int n = 0;; ++n) {
      v1::Plan plan = whole;
      if (!ClearNth(n, &plan, &what)) break;
      ++count;
      EXPECT_TRUE(Outcome(plan) != before) << file << " without " << what;
    }
  }
  EXPECT_GT(count, 250);
}

}  // namespace
}  // namespace payfold
