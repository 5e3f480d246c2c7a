// What a document may write more shortly than the message. Internal to this folder.
//
// A value stands for a message that is mostly one value (`cap: 5000`), a list for
// one that is mostly one list (`bands: [{rate: 5%}]`), a mapping for one that is
// one map, and `COUNT_DISTINCT(customer_id)` sets an enum and the field beside it
// that says of what. The short forms are those of the comments in plan.proto.

#ifndef LEDGER_PLAN_SHORTHAND_H_
#define LEDGER_PLAN_SHORTHAND_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace payfold {

// The field that a plain value, list or mapping in place of the message sets, or
// null if there is none.
const google::protobuf::FieldDescriptor* FieldOfValue(const google::protobuf::Descriptor& type);
const google::protobuf::FieldDescriptor* FieldOfList(const google::protobuf::Descriptor& type);
const google::protobuf::FieldDescriptor* FieldOfMapping(const google::protobuf::Descriptor& type);

// The fields that hold nothing but their name, as `goal` in `target: goal`.
std::vector<const google::protobuf::FieldDescriptor*> Words(
    const google::protobuf::Descriptor& type);

// An enum value as written: "COUNT_DISTINCT(customer_id)" has an argument.
struct EnumText {
  absl::string_view name;
  std::optional<absl::string_view> argument;
};
EnumText SplitEnumText(absl::string_view text);

// The value of that name in either case, or null. UNSPECIFIED is no value to write.
const google::protobuf::EnumValueDescriptor* FindEnumValue(
    const google::protobuf::EnumDescriptor& type, absl::string_view name);
// "OWN, TEAM, TERRITORY".
std::string EnumNames(const google::protobuf::EnumDescriptor& type);
// The value's name that is nearest to `name` in either case, or empty if none is.
std::string NearestEnumName(const google::protobuf::EnumDescriptor& type, absl::string_view name);

// The field that an argument of this value sets, or null if it takes none.
const google::protobuf::FieldDescriptor* FieldOfArgument(
    const google::protobuf::EnumValueDescriptor& value,
    const google::protobuf::Descriptor& message);

// The name among `known` that differs from `name` by the fewest edits, or empty
// if none is near: by at most `most` edits, if given, else about a third of it.
std::string NearestName(absl::string_view name, const std::vector<std::string>& known,
                        std::optional<size_t> most = std::nullopt);

}  // namespace payfold

#endif  // LEDGER_PLAN_SHORTHAND_H_
