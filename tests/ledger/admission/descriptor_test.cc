// The wire format of what is stored: messages, numbers, names and types of
// event.proto and all it uses, against a kept list.

#include "google/protobuf/descriptor.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "payfold/v1/event.pb.h"
#include "tests/ledger/admission/golden.h"

namespace payfold {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

std::string Line(const FieldDescriptor& field) {
  std::string type = field.type_name();
  if (field.message_type() != nullptr) type = field.message_type()->full_name();
  if (field.enum_type() != nullptr) type = field.enum_type()->full_name();
  return absl::StrCat(field.containing_type()->full_name(), " ", field.number(), " ", field.name(),
                      " ", field.is_repeated() ? "repeated " : "",
                      field.has_optional_keyword() ? "optional " : "", type,
                      field.real_containing_oneof() == nullptr
                          ? ""
                          : absl::StrCat(" in ", field.real_containing_oneof()->name()));
}

void AddEnum(const EnumDescriptor& type, std::set<std::string>* lines) {
  for (int i = 0; i < type.value_count(); ++i) {
    lines->insert(
        absl::StrCat(type.full_name(), " = ", type.value(i)->number(), " ", type.value(i)->name()));
  }
}

void AddMessage(const Descriptor& message, std::set<std::string>* lines) {
  for (int i = 0; i < message.field_count(); ++i) lines->insert(Line(*message.field(i)));
  for (int i = 0; i < message.nested_type_count(); ++i) AddMessage(*message.nested_type(i), lines);
  for (int i = 0; i < message.enum_type_count(); ++i) AddEnum(*message.enum_type(i), lines);
}

// The file and those of ours that it imports.
void AddFile(const FileDescriptor& file, std::set<std::string>* lines) {
  if (file.package() != "payfold.v1") return;
  for (int i = 0; i < file.message_type_count(); ++i) AddMessage(*file.message_type(i), lines);
  for (int i = 0; i < file.enum_type_count(); ++i) AddEnum(*file.enum_type(i), lines);
  for (int i = 0; i < file.dependency_count(); ++i) AddFile(*file.dependency(i), lines);
}

// Fields may be added (then keep the new lines too), nothing else: stored
// events are read for ever.
TEST(DescriptorTest, NothingThatIsStoredIsRenumberedRenamedOrRetyped) {
  std::set<std::string> now;
  AddFile(*v1::Event::descriptor()->file(), &now);
  const std::string text = absl::StrJoin(now, "\n") + "\n";
  const std::string golden = payfold_testing::Golden("event_descriptor.txt", text);
  const std::set<std::string> kept = absl::StrSplit(golden, '\n', absl::SkipEmpty());
  ASSERT_FALSE(kept.empty());
  for (const std::string& line : kept) {
    EXPECT_TRUE(now.count(line) == 1) << "changed or removed: " << line;
  }
  for (const std::string& line : now) {
    EXPECT_TRUE(kept.count(line) == 1) << "added; keep it too: " << line;
  }
}

}  // namespace
}  // namespace payfold
