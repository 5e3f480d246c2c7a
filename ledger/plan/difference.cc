#include "ledger/plan/difference.h"

#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace payfold {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// The scalar fields that are set, by path.
class Flattened {
 public:
  explicit Flattened(const v1::Plan& plan) { AddMessage("", plan); }

  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }
  const std::map<std::string, std::string>& by_path() const { return by_path_; }

 private:
  void AddMessage(const std::string& prefix, const Message& message) {
    std::vector<const FieldDescriptor*> set;
    message.GetReflection()->ListFields(message, &set);
    for (const FieldDescriptor* field : set) {
      const std::string path =
          prefix.empty() ? field->name() : absl::StrCat(prefix, ".", field->name());
      if (field->is_map()) {
        AddMap(path, message, field);
      } else if (field->is_repeated()) {
        AddRepeated(path, message, field);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        AddPart(path, message.GetReflection()->GetMessage(message, field));
      } else {
        Add(path, ScalarText(message, field, kSingular));
      }
    }
  }

  // A message that says nothing but that it is there counts too.
  void AddPart(const std::string& path, const Message& part) {
    const size_t before = fields_.size();
    AddMessage(path, part);
    if (fields_.size() == before) Add(path, "{}");
  }

  void AddRepeated(const std::string& path, const Message& message, const FieldDescriptor* field) {
    const Reflection& reflection = *message.GetReflection();
    const int size = reflection.FieldSize(message, field);
    std::vector<std::string> scalars;
    for (int i = 0; i < size; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        const Message& element = reflection.GetRepeatedMessage(message, field, i);
        AddPart(absl::StrCat(path, "[", NameOf(element, i), "]"), element);
      } else {
        scalars.push_back(ScalarText(message, field, i));
      }
    }
    if (!scalars.empty()) Add(path, absl::StrCat("[", absl::StrJoin(scalars, ", "), "]"));
  }

  // In order of the keys, as a map has none of its own.
  void AddMap(const std::string& path, const Message& message, const FieldDescriptor* field) {
    const Reflection& reflection = *message.GetReflection();
    const FieldDescriptor* key = field->message_type()->map_key();
    const FieldDescriptor* value = field->message_type()->map_value();
    std::map<std::string, const Message*> entries;
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      const Message& entry = reflection.GetRepeatedMessage(message, field, i);
      entries.emplace(ScalarText(entry, key, kSingular), &entry);
    }
    for (const auto& [name, entry] : entries) {
      const std::string at = absl::StrCat(path, "[", name, "]");
      if (value->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        AddPart(at, entry->GetReflection()->GetMessage(*entry, value));
      } else {
        Add(at, ScalarText(*entry, value, kSingular));
      }
    }
  }

  static std::string NameOf(const Message& element, int index) {
    const google::protobuf::Descriptor& type = *element.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor* field = type.field(i);
      if (field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING ||
          !absl::EndsWith(field->name(), "_id")) {
        continue;
      }
      std::string id = element.GetReflection()->GetString(element, field);
      if (!id.empty()) return id;
    }
    return absl::StrCat(index);
  }

  static constexpr int kSingular = -1;

  // Plans hold texts, whole numbers, truth values and names of enums.
  static std::string ScalarText(const Message& message, const FieldDescriptor* field, int index) {
    const Reflection& r = *message.GetReflection();
    const bool one = index == kSingular;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return one ? r.GetString(message, field) : r.GetRepeatedString(message, field, index);
      case FieldDescriptor::CPPTYPE_ENUM:
        return one ? r.GetEnum(message, field)->name()
                   : r.GetRepeatedEnum(message, field, index)->name();
      case FieldDescriptor::CPPTYPE_BOOL:
        return (one ? r.GetBool(message, field) : r.GetRepeatedBool(message, field, index))
                   ? "true"
                   : "false";
      case FieldDescriptor::CPPTYPE_INT32:
        return absl::StrCat(one ? r.GetInt32(message, field)
                                : r.GetRepeatedInt32(message, field, index));
      case FieldDescriptor::CPPTYPE_UINT32:
        return absl::StrCat(one ? r.GetUInt32(message, field)
                                : r.GetRepeatedUInt32(message, field, index));
      case FieldDescriptor::CPPTYPE_INT64:
        return absl::StrCat(one ? r.GetInt64(message, field)
                                : r.GetRepeatedInt64(message, field, index));
      default:
        return absl::StrCat(one ? r.GetUInt64(message, field)
                                : r.GetRepeatedUInt64(message, field, index));
    }
  }

  void Add(const std::string& path, std::string text) {
    by_path_.emplace(path, text);
    fields_.emplace_back(path, std::move(text));
  }

  std::vector<std::pair<std::string, std::string>> fields_;
  std::map<std::string, std::string> by_path_;
};

std::string TextAt(const Flattened& plan, const std::string& path) {
  const auto found = plan.by_path().find(path);
  return found == plan.by_path().end() ? "" : found->second;
}

}  // namespace

std::vector<PlanFieldDifference> ComparePlans(const v1::Plan& before, const v1::Plan& after) {
  const Flattened was(before);
  const Flattened is(after);
  std::vector<PlanFieldDifference> differences;
  for (const auto& [path, text] : is.fields()) {
    std::string old = TextAt(was, path);
    if (old != text) differences.push_back({path, std::move(old), text});
  }
  for (const auto& [path, text] : was.fields()) {
    if (is.by_path().count(path) == 0) differences.push_back({path, text, ""});
  }
  return differences;
}

}  // namespace payfold
