#include "ledger/plan/unknown.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"

namespace payfold {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

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
    if (field.enum_type()->FindValueByNumber(number) != nullptr) return;
    findings_->Error(path,
                     absl::StrCat("has a value ", number, " that this release does not know"));
  }

  Findings* findings_;
};

}  // namespace

void ReportUnknown(const v1::Plan& plan, Findings* findings) { Walker(findings).Walk(plan, ""); }

}  // namespace payfold
